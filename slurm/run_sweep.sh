#!/bin/bash
#
# Runs a sweep with an array of workers; each takes whatever point is free, until none is left.
#
#   sbatch slurm/run_sweep.sh sweeps/a.yaml [sweeps/b.yaml ...] [OPTIONS]
#   sbatch --array=0-31 slurm/run_sweep.sh sweeps/a.yaml --exit-when-idle
#   SWEEP=sweeps/a.yaml SWEEP_OPTIONS="--threads 2" sbatch slurm/run_sweep.sh
#
# Submit it in the checkout, that is where the tasks start. Options of sbatch stand before the
# script; they win over the lines below. OPTIONS are those of ./sweep-runner.
#
# If the site needs it: module load java/17 (or newer) in the shell that submits.
#
# Eight workers. More tasks than points do no harm; the rest wait or, with --exit-when-idle, leave
# (with 3; Slurm calls any code but 0 FAILED).
#SBATCH --job-name=sweep
#SBATCH --array=0-7
#
# One file per task in the folder of submission, kept over requeues (the default would empty it).
#SBATCH --output=slurm-%x-%A_%a.out
#SBATCH --open-mode=append
#
# A preempted task comes back under the same id, and with it the worker under the same name.
#SBATCH --requeue
#
# Two minutes before the time limit (Slurm checks each half minute): finish the iteration, publish a
# checkpoint, give the run back, leave with 75. "B:" because the worker is the batch script itself.
#SBATCH --signal=B:USR1@120
#
#SBATCH --time=04:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=8G

set -euo pipefail

# The script that runs is a copy in Slurm's spool folder: its own place says nothing.
cd "${SLURM_SUBMIT_DIR:-.}"

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

if [[ " ${arguments[*]-} " != *" --sweep"* ]]; then
  echo "usage: sbatch slurm/run_sweep.sh SWEEP.yaml ... [OPTIONS]" >&2
  exit 2
fi

# exec: Slurm signals the batch script's own process and nothing below it. As bash's child, the
# worker would learn of a preemption by SIGKILL.
exec ./sweep-runner run "${arguments[@]}"
