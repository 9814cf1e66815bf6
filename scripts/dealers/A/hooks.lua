-- A premium flagship: no contract without a test drive, reviews from score nine, and quiet holidays.
local REVIEW_FROM = 9

local hooks = {}

function hooks.guard(event, case)
    if event.name == "contract.sign" and not done("test-drive.end") and not done("contract.no_test_drive") then
        return false, "TEST_DRIVE_FIRST"
    end
    if event.name == "delivery.invite_review" or event.name == "delivery.invite_referral" then
        local satisfaction = case.form["delivery.satisfaction"]
        if not satisfaction or satisfaction.score < REVIEW_FROM then return false, "PROHIBITED" end
    end
end

function hooks.on_message(msg, case)
    local offer = msg.class == "marketing" or msg.class == "mixed" or msg.form.class == "mixed"
    if offer and in_window("holidays", case.param["T-HOLPEAK"]) then return false, "PROHIBITED" end
    if msg.class == "marketing" and count("message.marketing", "P14D") >= 1 then return false, "FREQ_EXCEEDED" end
end

return hooks
