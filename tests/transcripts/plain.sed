# What differs from run to run becomes the same, in the same columns.
s/\r//g
s/^[ 0-9]\{3\}\.[0-9]\{4\} /         /
s/\([( ]\)[0-9][0-9.]* \(us\|ms\|s\|min\)\([),;]\)/\1TIME\3/g
s/\([( ]\)[0-9][0-9.]* \(us\|ms\|s\|min\)$/\1TIME/
s/handshake took [0-9.]* [mu]*s/handshake took TIME/
s/ in [0-9.]* s more/ in TIME more/
s/for [0-9]* s more/for TIME more/
s/TIME_WAIT for [0-9]* s/TIME_WAIT for TIME/
s/ in [0-9.]* m*s  (/ in TIME  (/
s/:[3-6][0-9]\{4\}\([^0-9]\|$\)/:PORT\1/g
s/you did not choose [0-9]*/you did not choose PORT/
s/port from [0-9]*-[0-9]*/port from LOW-HIGH/
s/pid [0-9]\{1,\}/pid PID/g
s/running since [0-2][0-9]:[0-5][0-9]/running since HH:MM/
s/running since [0-9-]\{10\} [0-2][0-9]:[0-5][0-9]/running since HH:MM/
s/[A-Z][a-z][a-z], [0-9]* [A-Z][a-z][a-z] [0-9: ]* GMT/DATE/
s/ETag: "[0-9a-f-]*"/ETag: "TAG"/
/#[0-9]/!s/closed\( *\)by \(us\|the [a-z]*\) first/closed\1by WHO first/
s/; [0-9]* B not acknowledged//
s/sha256:[0-9a-f]\{64\}/sha256:DIGEST/
s/sha256 [0-9a-f:]*…:[0-9a-f]*/sha256 DI…ST/
s/sha256 [0-9a-f:]*\.\.\.:[0-9a-f]*/sha256 DI...ST/
s/([0-9]* days)/(N days)/
s/\[[0-9]*\/[A-Z][a-z]*\/[0-9]*:[0-9:]* +[0-9]*\]/[DATE]/
s/, [0-9]* retransmits*$/, no retransmits/
# the table of ports: its column of times, which end in one place
s/^\([0-9].\{25\}\)\([ 0-9.]\{7\}[mu]s\|[ 0-9.]\{8\}s\)  /\1     TIME  /
s/[[:blank:]]*$//
