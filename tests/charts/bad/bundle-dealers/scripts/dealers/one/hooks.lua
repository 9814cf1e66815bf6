function guard(event, case)
  return nil
end
function due(deadline
  return 1
end
