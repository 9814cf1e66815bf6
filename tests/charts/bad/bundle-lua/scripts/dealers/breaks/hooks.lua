local hooks = {}
local limit = nil
local most = limit + 1
return hooks
