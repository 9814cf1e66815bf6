local hooks = {}
while true do end
return hooks
