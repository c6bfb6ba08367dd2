#!/bin/bash
#
# Runs a sweep on this machine without Slurm: a worker per visible GPU, or one on the CPU.
#
#   slurm/run_local.sh sweeps/a.yaml [sweeps/b.yaml ...] [OPTIONS]
#   CUDA_VISIBLE_DEVICES=0,2 slurm/run_local.sh sweeps/a.yaml --storage /data/me
#   nohup slurm/run_local.sh sweeps/a.yaml >/dev/null &
#
# OPTIONS are those of ./sweep-runner. Each worker is named after host and GPU and has an output
# file of its own, sweep-HOST-gpu0.out, in the working directory. Ctrl-C, TERM, HUP, USR1 and USR2
# reach every worker: it publishes a checkpoint, gives its run back and leaves. This script waits for
# all of them and ends with 0 if each did, else with the greatest of their codes (75: left in order).
#
# slurm/run_sweep_node.sh becomes this script, within a job.
set -uo pipefail

usage() {
  cat >&2 <<'END'
usage: slurm/run_local.sh SWEEP.yaml ... [OPTIONS]

A worker per GPU of CUDA_VISIBLE_DEVICES, else of this machine, else one on the CPU. OPTIONS are
those of ./sweep-runner (see ./sweep-runner --help). In the environment: SWEEP_RUNNER, the program;
SWEEP_NAME, in place of the host's name; SWEEP_LOGS, the folder of the output; SWEEP_WORKERS, how
many workers where there is no GPU.
END
  exit 2
}

refuse() {
  echo "run_local.sh: $*" >&2
  exit 2
}

program=${SWEEP_RUNNER:-$(dirname "${BASH_SOURCE[0]}")/../sweep-runner}
prefix=${SWEEP_NAME:-${HOSTNAME%%.*}}
logs=${SWEEP_LOGS:-.}

arguments=()
while (($# > 0)) && [[ $1 != -* ]]; do
  arguments+=(--sweep "$1")
  shift
done
arguments+=("$@")
[[ " ${arguments[*]-} " == *" --sweep"* ]] || usage
for argument in "${arguments[@]}"; do
  case ${argument%%=*} in
    --worker | --port) refuse "$argument cannot be the same for all workers." ;;
  esac
done
type -P "$program" >/dev/null || refuse "$program is not there: set SWEEP_RUNNER."

# An entry may be an index, a UUID or a MIG device, and is handed on as it is.
devices=()
case ${CUDA_VISIBLE_DEVICES-unset} in
  unset)
    mapfile -t devices < <(nvidia-smi -L 2>/dev/null | sed -n 's/^GPU \([0-9]*\):.*/\1/p')
    ;;
  NoDevFiles | -1) ;; # how Slurm and CUDA spell "none"
  *) IFS=, read -ra devices <<<"$CUDA_VISIBLE_DEVICES" ;;
esac

workers=${#devices[@]} kind=gpu
if ((workers == 0)); then
  workers=${SWEEP_WORKERS:-1} kind=cpu
fi
[[ $workers =~ ^[1-9][0-9]*$ ]] || refuse "SWEEP_WORKERS=$workers is no number of workers."

# What they share is divided: Java alone takes a quarter of the memory, a CPU trainer all cores.
if ((workers > 2)) && [[ ${SWEEP_RUNNER_JAVA_OPTS:-} != *-Xmx* ]]; then
  heap=$((60 / workers))
  SWEEP_RUNNER_JAVA_OPTS+=" -XX:MaxRAMPercentage=$((heap > 0 ? heap : 1))"
  export SWEEP_RUNNER_JAVA_OPTS
fi
if ((workers > 1)) && [[ " ${arguments[*]} " != *" --threads"* ]]; then
  cores=$(($(nproc) / workers))
  arguments+=(--threads "$((cores > 0 ? cores : 1))")
fi

# If this script is killed and nothing ends its children (Slurm without cgroups), the kernel does.
guard=()
if setpriv --pdeathsig TERM true 2>/dev/null; then
  guard=(setpriv --pdeathsig TERM)
fi

# The signals come before the first start, so that none falls between. What bash starts in the
# background ignores INT: TERM, which means the same, in its place.
pids=() names=() stopped=
forward() { # SIGNAL
  local pid
  stopped=$1
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill -s "$1" "$pid" 2>/dev/null
  done
}
trap 'forward TERM' TERM INT HUP
trap 'forward USR1' USR1 USR2

for ((k = 0; k < workers; k++)); do
  [[ -z $stopped ]] || break
  name=$prefix-$kind$k
  own=(env)
  [[ $kind == cpu ]] || own+=("CUDA_VISIBLE_DEVICES=${devices[k]}")
  "${own[@]}" ${guard[@]+"${guard[@]}"} "$program" run "${arguments[@]}" --worker "$name" \
    >>"$logs/sweep-$name.out" 2>&1 &
  pids+=($!) names+=("$name")
  echo "$name: pid $!, ${own[1]:-on the CPU}, output in $logs/sweep-$name.out"
done
[[ -z $stopped ]] || forward "$stopped"

# Each handled signal ends a wait early, above 128.
greatest=0
for k in "${!pids[@]}"; do
  while wait "${pids[k]}"; code=$?; ((code > 128)) && kill -0 "${pids[k]}" 2>/dev/null; do :; done
  echo "${names[k]}: ended with $code"
  ((code <= greatest)) || greatest=$code
done
exit "$greatest"
