local hooks = {}
function hooks.guard(event, case) return false end
return hook
