#!/bin/bash
#
# Runs a sweep with an array of workers; each takes whatever point is free, until none is left.
#
#   sbatch slurm/run_sweep.sh sweeps/a.yaml [sweeps/b.yaml ...] [OPTIONS]
#   sbatch --array=0-31 --gpus=1 slurm/run_sweep.sh sweeps/a.yaml --exit-when-idle
#   SWEEP=sweeps/a.yaml SWEEP_OPTIONS="--threads 2" sbatch slurm/run_sweep.sh
#   SWEEP_SRUN=1 sbatch slurm/run_sweep.sh sweeps/a.yaml
#
# Submit it in the checkout: that is where the tasks start. From elsewhere, or with a copy of this
# script, name the program: SWEEP_RUNNER=/path/to/sweep-runner. A train.py of your own starts in the
# folder of submission, in the environment of the shell that submits (an active venv or conda). Options
# of sbatch stand before the script; they win over the lines below. OPTIONS are those of ./sweep-runner.
#
# If the site needs it: module load java/17 (or newer) in the shell that submits.
#
# Eight workers. More tasks than points do no harm; the rest wait or, with --exit-when-idle (or
# --exit-when-idle=10m), leave with 3. Slurm calls any code but 0 FAILED; --slurm.exit-codes zero.
#SBATCH --job-name=sweep
#SBATCH --array=0-7
#
# A GPU for each worker: take away one "#" here (or write it before the script, as above). A cluster
# without GPUs refuses such a job.
##SBATCH --gpus=1
#
# One file per task in the folder of submission, kept over requeues (the default would empty it).
#SBATCH --output=slurm-%x-%A_%a.out
#SBATCH --open-mode=append
#
# A preempted task comes back under the same id, and with it the worker under the same name. The
# program's own requeue at the time limit needs this line too.
#SBATCH --requeue
#
# A minute before the time limit, up to two: for where Slurm does not tell the worker how much time is
# left. Then it publishes a checkpoint, gives the run back and requeues this task, as it does at its own
# time otherwise. "B:" because whom Slurm knows is the batch script.
#SBATCH --signal=B:USR1@60
#
#SBATCH --time=04:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=8G

set -euo pipefail

usage() {
  cat >&2 <<'END'
usage: sbatch [SBATCH OPTIONS] slurm/run_sweep.sh SWEEP.yaml ... [OPTIONS]
       SWEEP=SWEEP.yaml SWEEP_OPTIONS="OPTIONS" sbatch [SBATCH OPTIONS] slurm/run_sweep.sh

OPTIONS are those of ./sweep-runner (see ./sweep-runner --help). In the environment:
SWEEP_RUNNER, the program; SWEEP_SRUN=1, start it as a step of the job.
END
  exit 2
}

# The script that runs is a copy in Slurm's spool folder: its own place says nothing.
cd "${SLURM_SUBMIT_DIR:-.}"
program=${SWEEP_RUNNER:-./sweep-runner}

arguments=()
for sweep in ${SWEEP:-}; do
  arguments+=(--sweep "$sweep")
done
while (($# > 0)) && [[ $1 != -* ]]; do
  arguments+=(--sweep "$1")
  shift
done
read -ra options <<<"${SWEEP_OPTIONS:-}"
arguments+=(${options[@]+"${options[@]}"} "$@")

[[ " ${arguments[*]-} " == *" --sweep"* ]] || usage
if ! type -P "$program" >/dev/null; then
  echo "$program is not in $PWD: submit in the checkout, or set SWEEP_RUNNER." >&2
  exit 2
fi

# exec: with cgroups Slurm signals the batch script's own process and nothing below it. As bash's
# child the worker would learn of a preemption by SIGKILL.
if [[ ${SWEEP_SRUN:-0} != 1 ]]; then
  exec "$program" run "${arguments[@]}"
fi

# As a step of the job the worker is signalled by Slurm itself, at the start of a preemption's
# grace time too, which a batch script does not hear of. So bash keeps out of the way of TERM, but
# hands on the warning of "B:", which reaches nobody else. In the background, for a trap waits for what
# runs in the foreground.
trap '' TERM
step=
trap '[[ -z $step ]] || kill -USR1 "$step" 2>/dev/null || true' USR1 USR2
srun --ntasks=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" "$program" run "${arguments[@]}" &
step=$!
while true; do
  code=0
  wait "$step" || code=$?
  ((code > 128)) && kill -0 "$step" 2>/dev/null || exit "$code"
done
