-- A direct store for electric cars: a charge in place of a full tank, an app to bind, traces only with consent.
local CHARGE_ENOUGH = 90 -- percent

local hooks = {}

function hooks.validate(step, form, case)
    if step.name == "delivery.fuel" and form.soc then
        if form.soc >= CHARGE_ENOUGH then return true end
        return false, "FIELD_INVALID"
    end
    if step.name == "delivery.explain" and form.bind_app ~= true then return false, "FIELD_INVALID" end
end

function hooks.required(step, case)
    if step.name == "fulfilment.charger_install" then
        local intent = case.form["contract.confirm_intent"]
        return intent ~= nil and intent.charger == true or nil
    end
end

function hooks.guard(event, case)
    -- cars here keep the trace of every drive
    if event.name == "test-drive.start" then
        local consent, asked = case.form["customer-info.consent"], case.form["test-drive.consent"]
        if not (consent and consent.location) and not (asked and asked.location) then return false, "PRIVACY" end
    end
end

return hooks
