# Runs the checker over a tree that is full of faults and compares what it says with what it should.
execute_process(COMMAND ${CHECK} ${SAMPLE} ${LAYERS} RESULT_VARIABLE result OUTPUT_VARIABLE said)
file(READ ${SAMPLE}/expected.txt expected)
if(NOT result EQUAL 1 OR NOT said STREQUAL expected)
  message(FATAL_ERROR "exit ${result}, expected 1; it said:\n${said}\nexpected:\n${expected}")
endif()
