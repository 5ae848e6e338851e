# Runs "$@" in this shell's process group and ends the whole group when it is over, or when our parent is gone:
# the parent holds the write end of descriptor 3, which closes with the parent however it dies.
# The exit status goes to descriptor 4.
trap : TERM
(
  trap '' TERM INT HUP
  exec 4>&- 0</dev/null 1>/dev/null 2>/dev/null
  read -r _ <&3
  kill -KILL 0
) &
"$@" 3<&- 4>&-
echo $? >&4
kill -KILL 0
