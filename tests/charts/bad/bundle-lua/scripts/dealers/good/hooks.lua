function guard(event, case)
    return not case.form["car.bill"].total and steps.nosuch and event.form.nosuch and done("wash.wash")
end
