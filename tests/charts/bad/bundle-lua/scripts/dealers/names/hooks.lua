local hooks = { due = "P1D" }
function hooks.deu(deadline, case) end
function hooks.guard(event, case)
    --[==[ case.form["nosuch.step"] ]==]
    if done("car.bil") and case.steps["wash.dri"].done then return false end
    return case.form["car.bill"].totl == 1 or case.form.nosuch or case.forms["car.bill"].A1
        or count("car.leave", "P1D") > sum("car.bill", "tota", "P1D")
end
function hooks.helper() end
return hooks
