-- The standard asks for a licence held one year (T-LICAGE); this dealer for two.
local TWO_YEARS = 24 -- months

local hooks = {}

function hooks.validate(step, form, case)
    if step.id == "licence_check" and form.first_issue
        and months_between(form.first_issue, case.today) < TWO_YEARS then
        return false, "LICENCE_TWO_YEARS"
    end
    -- nothing said: the flow's own rules stand
end

return hooks
