# shellcheck shell=bash
# The guard: stands between a worker and its program, and ends the program, all of it, when the worker
# dies, falls silent or says so. Guard.java starts it:
#
#   SWEEP_RUNNER_GUARD=<this text> setsid bash -p -c 'eval "$SWEEP_RUNNER_GUARD"' sweep-runner-guard \
#       TOKEN LEASE SETPRIV VARIABLES WORDS
#
#   stdin   VARIABLES times NAME=VALUE or NAME (to be unset), then WORDS words of the program, each
#           ended by NUL; then lines: "renew STAMP", "signal NAME", "freeze", "thaw", "kill". Its end: the
#           worker is dead.
#   stdout  what the program prints, both streams; after its end a mark of ours, and another one where
#           more than its main process was asked to go, after the last of them
#   stderr  what happens: pid N, exit N, not-started N, asked N, frozen N, quiet, expired, ended, left N,
#           lost, over; before exit a line of jobs -l, which tells a signal from an exit code above 128
#
# LEASE and STAMP are hundredths of a second of /proc/uptime, which goes on while the machine sleeps.
# A LEASE of 0 guards nothing: for tests that prove what the guard is for.
#
# Two processes: this one starts the program, waits for it and tells its end at once; the listener hears
# the worker, watches the lease and does the ending. Each ends everything when the other was killed.
# They are in the program's session, but not in its process group, and do not bear its mark.
#
# The user's variables are here too and go on to the program: hence every name here begins with guard_.
# Written for bash 4.2. Besides builtins: grep to find marks; mkdir, rmdir, setpriv where they help.

unset -v SWEEP_RUNNER_GUARD
set +o posix

guard_token=$1
guard_lease=$2
guard_setpriv=$3
guard_variables=$4
guard_words=$5
guard_tools=$PATH:/usr/bin:/bin
guard_program=
guard_began=
guard_listener=
guard_cgroup=
guard_known=()

say() {
  printf '%s\n' "$*" >&2
}

# Signals are for the worker to hear; batch systems send them to all that live below it. $1 is : until
# the program is started, for what is ignored here is ignored in the program too; then nothing: a trap
# interrupts a wait, and bash forgets a child that ends in that moment, for whom it then waits for ever.
stay() { # ACTION
  trap -- "$1" HUP INT QUIT TERM USR1 USR2 PIPE TSTP
}

# After what the program printed: a mark that nobody else writes.
mark() {
  printf '\0end %s\0\n' "$$" 2>/dev/null
}

now() {
  local guard_up
  read -r guard_up _ </proc/uptime
  guard_now=$((10#${guard_up/./}))
}

# Reads who process $1 is: guard_fields is state, parent, group, session and so on. Its name may hold
# anything, so what counts begins after the last parenthesis.
look() {
  local guard_stat=
  IFS= read -r -d '' guard_stat 2>/dev/null <"/proc/$1/stat"
  [[ $guard_stat ]] || return 1
  # shellcheck disable=SC2206 # a letter and numbers
  guard_fields=(${guard_stat##*) })
  guard_start=${guard_fields[19]-}
  [[ $guard_start && ${guard_fields[0]} != [ZXx] ]]
}

# Whether process $1 is still the one that began at $2, and not another one with its number.
lives() {
  look "$1" && [[ $guard_start == "$2" ]]
}

# Sends signal $1 to process $2 that began at $3.
strike() {
  lives "$2" "$3" && kill -s "$1" "$2" 2>/dev/null
}

# In the child: undoes what bash made of the environment and becomes the program. Exec itself closes the
# channel of what happens: for the time of the braces bash keeps its own copy, which no program inherits.
become() {
  [[ $PPID == "$1" || $$ == "$1" ]] || exit 1
  guard_variables=$2
  shift 2
  while ((guard_variables-- > 0)); do
    case $1 in
      *=*) export "${1?}" ;;
      *) unset -v "$1" ;;
    esac
    shift
  done
  unset -v guard_variables
  # Exec takes one off.
  [[ ${SHLVL-} == [0-9]* ]] && SHLVL=$((10#$SHLVL + 1))
  shopt -s execfail
  { exec -- "$@"; } 2>&1 </dev/null
  printf 'not-started %s\n' "$?" >&2
  exit 127
}

# A cgroup of its own where the kernel lets us make one: nobody leaves it, whatever becomes of parents,
# sessions and environments. Slurm counts its own groups, so they are left to it. Moving a process takes
# the kernel some 10 ms, in which nobody can start anything, so it is not done while the program loads.
make_cgroup() {
  local guard_line guard_mount='' guard_path=''
  while read -r _ guard_line guard_path _; do
    [[ $guard_path == cgroup2 ]] && guard_mount=$guard_line
  done </proc/self/mounts
  [[ $guard_mount ]] || return
  while read -r guard_line; do
    [[ $guard_line == 0::/* ]] && guard_path=$guard_mount${guard_line#0::}
  done </proc/self/cgroup
  guard_path=${guard_path%/}
  [[ $guard_path == "$guard_mount"* && $guard_path != *slurm* && $guard_path != *..* ]] || return
  [[ -w $guard_path && -w $guard_path/cgroup.procs ]] || return
  guard_path=$guard_path/sweep-runner-$$
  PATH=$guard_tools mkdir -- "$guard_path" 2>/dev/null || return
  guard_cgroup=$guard_path
  for guard_line in "${!guard_known[@]}"; do
    echo "$guard_line" 2>/dev/null >"$guard_cgroup/cgroup.procs"
  done
}

# In the child: where the kernel can be told to kill the program with us, that takes a second bash.
set_off() {
  local guard_text
  export SWEEP_RUNNER_CLAIM=$guard_token
  if [[ $guard_setpriv == yes ]]; then
    guard_text="$(declare -f become); become \"\$@\""
    PATH=$guard_tools
    exec setpriv --pdeathsig KILL -- "$BASH" -p -c "$guard_text" sweep-runner-guard \
      "$$" "$guard_variables" "${guard_items[@]}"
  fi
  become "$$" "$guard_variables" "${guard_items[@]}"
}

launch() {
  # Job control for this one only: a process group of its own, and no signal ignored.
  set -m
  set_off &
  guard_program=$!
  set +m
  look "$guard_program" && guard_began=$guard_start
  say "pid $guard_program"
}

# Finds everybody of this claim who lives, but for the guard itself: guard_kin[pid] is when it began,
# guard_parents[pid] its parent. Everybody is looked at before marks are: who got a number later is not
# taken for who had it.
kin() {
  local guard_dir guard_pid guard_more=1
  local -a guard_starts=() guard_ours=()
  guard_kin=()
  guard_parents=()
  for guard_dir in /proc/[0-9]*; do
    guard_pid=${guard_dir#/proc/}
    [[ -O $guard_dir ]] || continue
    look "$guard_pid" || continue
    guard_starts[guard_pid]=$guard_start
    guard_parents[guard_pid]=${guard_fields[1]}
    # A session's number is given to no other process while anybody is in it, and we are.
    [[ $guard_leads && ${guard_fields[3]} == "$$" ]] && guard_ours[guard_pid]=1
  done
  guard_known[guard_program]=$guard_began
  for guard_pid in "${!guard_known[@]}"; do
    [[ ${guard_starts[guard_pid]-} == "${guard_known[guard_pid]}" ]] && guard_ours[guard_pid]=1
  done
  while read -r guard_dir; do
    guard_dir=${guard_dir#/proc/}
    guard_ours[${guard_dir%%/*}]=1
  done < <(PATH=$guard_tools grep -lzsFx -- "SWEEP_RUNNER_CLAIM=$guard_token" /proc/[0-9]*/environ)
  if [[ $guard_cgroup ]]; then
    while read -r guard_pid; do
      guard_ours[guard_pid]=1
    done 2>/dev/null <"$guard_cgroup/cgroup.procs"
  fi
  unset -v "guard_ours[$$]" "guard_ours[$BASHPID]" "guard_ours[${guard_listener:-$$}]"
  while ((guard_more)); do
    guard_more=0
    for guard_pid in "${!guard_parents[@]}"; do
      if [[ ! ${guard_ours[guard_pid]-} && ${guard_ours[guard_parents[guard_pid]]-} ]]; then
        guard_ours[guard_pid]=1
        guard_more=1
      fi
    done
  done
  for guard_pid in "${!guard_ours[@]}"; do
    [[ ${guard_starts[guard_pid]-} ]] && guard_kin[guard_pid]=${guard_starts[guard_pid]}
  done
}

# Remembers who belongs to the program: who then loses parent, session and mark is still known.
remember() {
  local guard_pid
  kin
  guard_known=()
  for guard_pid in "${!guard_kin[@]}"; do
    guard_known[guard_pid]=${guard_kin[guard_pid]}
  done
}

# Says that nobody is left.
gone() {
  [[ $guard_cgroup ]] && PATH=$guard_tools rmdir -- "$guard_cgroup" 2>/dev/null
  say ended
}

# Ends everybody: first all are frozen, so that nobody forks while others are killed; again until none
# is left. Gives up after a minute: who then lives hangs in the kernel.
end_all() {
  local guard_round guard_pid guard_fresh
  local -a guard_frozen=()
  [[ $guard_cgroup ]] && echo 1 2>/dev/null >"$guard_cgroup/cgroup.kill"
  for ((guard_round = 0; guard_round < 300; guard_round++)); do
    kin
    if ((${#guard_kin[@]} == 0)); then
      gone
      return 0
    fi
    guard_fresh=
    for guard_pid in "${!guard_kin[@]}"; do
      [[ ${guard_frozen[guard_pid]-} == "${guard_kin[guard_pid]}" ]] && continue
      strike STOP "$guard_pid" "${guard_kin[guard_pid]}"
      guard_frozen[guard_pid]=${guard_kin[guard_pid]}
      guard_fresh=yes
    done
    [[ $guard_fresh ]] && ((guard_round < 20)) && continue
    for guard_pid in "${!guard_kin[@]}"; do
      strike KILL "$guard_pid" "${guard_kin[guard_pid]}"
    done
    ((guard_round < 20)) || PATH=$guard_tools sleep 0.2
  done
  say "left ${!guard_kin[*]}"
  return 1
}

# Whether process $1 leaves its children alone when it gets a signal: shells do, and some that wrap.
keeps_signals() {
  local guard_name guard_word=''
  { IFS= read -r guard_name <"/proc/$1/comm" && IFS= read -r -d '' guard_word <"/proc/$1/cmdline"; } \
    2>/dev/null
  guard_word=${guard_word##*/}
  for guard_name in "${guard_name-}" "${guard_word#-}"; do
    case $guard_name in
      sh | bash | dash | ash | zsh | ksh | mksh | fish | csh | tcsh) return 0 ;;
      conda | mamba | micromamba) return 0 ;;
    esac
  done
  return 1
}

# Notes who is to be asked to go: process $1, and where that keeps signals to itself its children. A
# worker of a data loader that dies makes its parent raise, so nobody else is; and tee must outlive who
# writes to it.
invite() {
  local guard_child guard_name=''
  read -r guard_name 2>/dev/null <"/proc/$1/comm"
  [[ $guard_name != tee && ${guard_kin[$1]-} ]] || return
  guard_asked[$1]=${guard_kin[$1]}
  keeps_signals "$1" || return
  for guard_child in "${!guard_parents[@]}"; do
    [[ ${guard_parents[guard_child]} == "$1" ]] && invite "$guard_child"
  done
}

# Asks the program to go by signal $1. First it is told how many that is: a shell is gone at once.
ask() {
  local guard_pid
  kin
  invite "$guard_program"
  say "asked ${#guard_asked[@]}"
  for guard_pid in "${!guard_asked[@]}"; do
    strike "$1" "$guard_pid" "${guard_asked[guard_pid]}"
  done
}

# Whether process $1 serves another one of this claim and was told so, as the helpers of W&B's client are
# (--pid NUMBER): what their program has logged they send on by themselves. So do their own children.
serves() {
  local guard_word guard_next=''
  [[ ${guard_spared[guard_parents[$1]]-} ]] && return 0
  while IFS= read -r -d '' guard_word; do
    if [[ $guard_next && $guard_word =~ ^[1-9][0-9]{0,9}$ && ${guard_kin[guard_word]-} ]]; then
      return 0
    fi
    guard_next=
    [[ $guard_word == --pid ]] && guard_next=yes
  done 2>/dev/null <"/proc/$1/cmdline"
  return 1
}

# Stops everybody but those helpers, again until nobody is new: who was not stopped yet may have forked.
freeze() {
  local guard_round guard_pid guard_fresh=yes
  local -a guard_spared=()
  for ((guard_round = 0; guard_round < 20 && ${#guard_fresh}; guard_round++)); do
    kin
    guard_fresh=
    for guard_pid in "${!guard_kin[@]}"; do
      [[ ${guard_spared[guard_pid]-} || ${guard_still[guard_pid]-} == "${guard_kin[guard_pid]}" ]] && continue
      if serves "$guard_pid"; then
        guard_spared[guard_pid]=yes
      else
        strike STOP "$guard_pid" "${guard_kin[guard_pid]}"
        guard_still[guard_pid]=${guard_kin[guard_pid]}
        guard_fresh=yes
      fi
    done
  done
  say "frozen ${#guard_still[@]}"
}

# Lets those go on.
thaw() {
  local guard_pid
  for guard_pid in "${!guard_still[@]}"; do
    strike CONT "$guard_pid" "${guard_still[guard_pid]}"
  done
  guard_still=()
}

# The program has ended by itself. Whom we asked to go may take the grace that the worker gives; the
# others have two seconds. Returns false when it is time to end them, or nobody is left.
linger() {
  local guard_pid
  for guard_pid in "${!guard_asked[@]}"; do
    lives "$guard_pid" "${guard_asked[guard_pid]}" && guard_tick=0.05 && return 0
  done
  if [[ ! $guard_leave ]]; then
    guard_leave=$((guard_now + 200))
    guard_tick=0.1
    say quiet
    # In a process of its own, since nobody may be reading.
    ((${#guard_asked[@]} > 1)) && mark &
  fi
  kin
  if ((${#guard_kin[@]} == 0)); then
    guard_clean=yes # a look at everybody costs some 20 ms: one is enough
    return 1
  fi
  ((guard_now < guard_leave))
}

listen() {
  local guard_order guard_word guard_tick=1 guard_leave='' guard_clean=''
  local -a guard_asked=() guard_still=()
  trap - CHLD
  now
  local guard_deadline=$((guard_now + guard_lease)) guard_next=$((guard_now + 90)) guard_times=0
  while :; do
    if read -r -t "$guard_tick" guard_order guard_word; then
      case $guard_order in
        renew) guard_deadline=$((10#$guard_word + guard_lease)) ;;
        signal) ask "$guard_word" ;;
        freeze) freeze ;;
        thaw) thaw ;;
        kill) break ;;
      esac
    elif (($? <= 128)); then
      ((guard_lease)) || exit 0
      break
    fi
    now
    if ((guard_lease && guard_now > guard_deadline)); then
      say expired
      break
    fi
    look "$BASHPID"
    [[ ${guard_fields[1]} == "$$" ]] || break
    lives "$guard_program" "$guard_began" || linger || break
    if ((guard_now > guard_next)); then
      guard_next=$((guard_now + 1000))
      remember
      ((guard_times++)) || make_cgroup
    fi
  done
  if [[ $guard_clean ]]; then gone; else end_all; fi
  # The worker hangs up when it has read all: what it reads of a process that is gone may be torn.
  while read -r -t "$((guard_lease / 100 + 1))" _ && lives "$$" "$guard_self"; do :; done
}

# While the program lives, the listener ends only by somebody's hand.
heard() {
  if ! lives "$guard_program" "$guard_began"; then
    jobs -l >&2
  elif [[ $guard_listener ]] && ! kill -0 "$guard_listener" 2>/dev/null; then
    trap - CHLD
    say lost
    ((guard_lease)) && end_all
    exit 1
  fi
}

# Waits for the program; a signal to us ends a wait too, so the exit code is what a second one says.
# Since bash 5 the end of any child is heard meanwhile; before, where bash can wait for any, it does.
await() {
  local guard_any=$guard_program
  ((BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] > 2)) && guard_any=-n
  while :; do
    wait "$guard_any"
    guard_code=$?
    lives "$guard_program" "$guard_began" || break
    heard
  done
  wait "$guard_program"
  local guard_again=$?
  ((guard_again == 127)) || guard_code=$guard_again
}

stay :
guard_items=()
while ((${#guard_items[@]} < guard_variables + guard_words)); do
  IFS= read -r -d '' guard_item || exit 1
  guard_items+=("$guard_item")
done
look "$$"
guard_self=$guard_start
guard_leads=
[[ ${guard_fields[3]} == "$$" ]] && guard_leads=yes
trap heard CHLD
launch
stay ''
listen <&0 &
guard_listener=$!
exec </dev/null
await
say "exit $guard_code"
trap - CHLD
mark
exec >/dev/null
wait "$guard_listener" || end_all
say over
