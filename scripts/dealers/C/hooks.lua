-- A county store: a fuel card in place of a full tank if the customer takes it, gifts by price, and two signatures below the floor.
local TANK_AT_LEAST, CARD_AT_LEAST = 25, 30000 -- percent; fen

local hooks = {}

function hooks.validate(step, form, case)
    if step.name == "delivery.fuel" and (form.pct or 0) < 100 then
        if (form.pct or 0) >= TANK_AT_LEAST and (form.fuel_card or form.fuel_card_fen or 0) >= CARD_AT_LEAST and form.customer_ack then
            return true, "OVERRIDE_USED"
        end
        return false, "FIELD_INVALID"
    end
    if step.name == "delivery.gift" then
        local signed = case.form["contract.sign"]
        local due = { 1, 2, 3 } -- gifts owed: below 100,000 yuan, from there, from 200,000
        local price = signed and signed.price or 0
        local owed = due[price >= 20000000 and 3 or price >= 10000000 and 2 or 1]
        if #(form.items or {}) < owed then return false, "FIELD_INVALID" end
    end
end

function hooks.guard(event, case)
    if event.name == "contract.sign" then
        local filled = case.form["contract.fill"] or {}
        local price = event.form.price or filled.price
        if price and filled.floor and price < filled.floor
            and not (done("contract.approve_price") and done("contract.approve_price_finance")) then
            return false, "BELOW_FLOOR"
        end
    end
end

return hooks
