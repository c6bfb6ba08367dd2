#!/bin/bash
#
# Runs a sweep in jobs of several GPUs, for clusters that give out whole nodes: a worker per GPU.
#
#   sbatch slurm/run_sweep_node.sh sweeps/a.yaml [sweeps/b.yaml ...] [OPTIONS]
#   sbatch --array=0-3 --gpus-per-node=8 slurm/run_sweep_node.sh sweeps/a.yaml
#
# Submit it in the checkout, or set SWEEP_RUNNER=/path/to/sweep-runner. Where single GPUs are given
# out, slurm/run_sweep.sh is the better one: it needs no free node, and a preemption hits one
# worker. The lines that both have are explained there.
#SBATCH --job-name=sweep
#SBATCH --nodes=1
#SBATCH --gpus-per-node=4
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=04:00:00
#SBATCH --output=slurm-%x-%j.out
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60

set -euo pipefail

if (($# == 0)); then
  cat >&2 <<'END'
usage: sbatch slurm/run_sweep_node.sh SWEEP.yaml ... [OPTIONS]

A worker per GPU of the job. Options of sbatch stand before the script (--array=0-3,
--gpus-per-node=8); OPTIONS are those of ./sweep-runner (see ./sweep-runner --help). In the
environment: SWEEP_RUNNER, the program; SWEEP_LOGS, the folder of the workers' output.
END
  exit 2
fi

cd "${SLURM_SUBMIT_DIR:-.}"
export SWEEP_RUNNER=${SWEEP_RUNNER:-./sweep-runner}
program=$(type -P "$SWEEP_RUNNER" || true)
script=$(dirname "$(readlink -f "${program:-.}")")/slurm/run_local.sh
if [[ -z $program || ! -f $script ]]; then
  echo "$SWEEP_RUNNER is not in $PWD, or has no slurm/run_local.sh beside it: submit in the" \
    "checkout, or set SWEEP_RUNNER." >&2
  exit 2
fi
if [[ -z ${CUDA_VISIBLE_DEVICES:-} ]]; then
  echo "This job has no GPU: ask for some (--gpus-per-node=4), or use slurm/run_sweep.sh." >&2
  exit 2
fi

# The task's id is the same after a requeue; so are the workers' names, and each resumes its run.
SWEEP_NAME=${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-node}}
export SWEEP_NAME=$SWEEP_NAME${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}

# exec: Slurm signals this process only. It hands the signals on, and leaves when all workers have.
# The last of them requeues the job.
exec bash "$script" "$@"
