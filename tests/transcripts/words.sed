# A transcript with marks, as it has to be with --marks=words.
s/^ \{21\}/         /
s/^\(.*\* accept .*\) → /\1 to /
s/^\( *\(#[0-9]* \)\{0,1\}\)\([←→]\) \* telnet  */\1\3 telnet /
s/^\( *\(#[0-9]* \)\{0,1\}\)\* \([a-z][a-z]*\)  */\1info: \3 /
s/^\( *\(#[0-9]* \)\{0,1\}\)! \([a-z]*\)  */\1error: \3 /
s/^\( *\(#[0-9]* \)\{0,1\}\)! /\1error: /
s/…/.../g
s/^\( *\(#[0-9]* \)\{0,1\}\)→/\1sent:/
s/^\( *\(#[0-9]* \)\{0,1\}\)←/\1received:/
/: telnet \|#[0-9]* \(sent\|received\|error\):/s/\([^ ]\)   */\1 /g
