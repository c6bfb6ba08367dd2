#!/bin/bash
#
# Submits one sweep's workers on one of several clusters that share no disk. Run it on each:
#
#   slurm/two_clusters.sh a a,b sweeps/x.yaml [OPTIONS]       # on cluster a
#   slurm/two_clusters.sh b a,b sweeps/x.yaml [OPTIONS]       # on cluster b
#
# The clusters share the sweep through W&B (docs/two-clusters.md), so both need the same sweep file,
# the same list of names, the network and a key. OPTIONS are those of ./sweep-runner. Options of
# sbatch go into its own variables: SBATCH_PARTITION=gpu, SBATCH_TIMELIMIT=12:00:00, ...; the
# number of workers into SWEEP_ARRAY (0-7), their GPU into SWEEP_GPUS (none; 1). SWEEP_SCRIPT is the
# script to submit (run_sweep.sh beside this one).
set -euo pipefail

usage() {
  cat >&2 <<'END'
usage: slurm/two_clusters.sh THIS_CLUSTER ALL_CLUSTERS SWEEP.yaml ... [OPTIONS]

For example: slurm/two_clusters.sh a a,b sweeps/x.yaml
END
  exit 2
}

refuse() {
  echo "two_clusters.sh: $*" >&2
  exit 2
}

if (($# < 3)) || [[ $3 == -* ]]; then
  usage
fi
cluster=$1 clusters=$2
shift 2
[[ $clusters == *,* ]] || refuse "$clusters names one cluster; name all, with commas."
[[ ,$clusters, == *,"$cluster",* ]] || refuse "$cluster is not one of $clusters."
[[ -f $1 ]] || refuse "$1 is not there."

# Each worker checks this too, but an hour later, when it leaves the queue.
netrc=${NETRC:-$HOME/.netrc}
if [[ -z ${WANDB_API_KEY:-}${WANDB_IDENTITY_TOKEN_FILE:-} && ! -r $netrc ]]; then
  refuse "no W&B key: neither WANDB_API_KEY nor $netrc; without W&B both clusters would do it all."
fi

options=(--job-name="sweep-$cluster" --array="${SWEEP_ARRAY:-0-7}")
[[ -z ${SWEEP_GPUS:-} ]] || options+=(--gpus="$SWEEP_GPUS")
exec sbatch "${options[@]}" "${SWEEP_SCRIPT:-$(dirname "${BASH_SOURCE[0]}")/run_sweep.sh}" "$@" \
  --cluster "$cluster" --wandb.clusters "$clusters" --wandb online
