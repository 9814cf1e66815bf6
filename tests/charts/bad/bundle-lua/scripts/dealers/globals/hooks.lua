-- a helper, and a hook that nobody will ask
function price(form) return form.total end
function gaurd(event, case) return price(event.form) end
