package dev.sweeprunner.run.judge;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which cluster a run belongs to first, agreed upon without a word between them: the one whose name
 * hashes highest together with the run id (rendezvous hashing). A name that is added or removed
 * moves only the runs that it gets or had.
 */
public final class HomeCluster {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final List<String> clusters;
  private final String own;

  /**
   * The homes of runs among these clusters.
   *
   * @param clusters all clusters of the sweep; with one or none, every run is at home here
   * @param own the cluster that asks
   */
  public HomeCluster(List<String> clusters, String own) {
    this.clusters = List.copyOf(clusters);
    this.own = own;
  }

  /** Every run is at home here. */
  public static HomeCluster everywhere() {
    return new HomeCluster(List.of(), "");
  }

  /** Whether there are runs that belong to another cluster first. */
  public boolean divided() {
    return clusters.size() > 1;
  }

  /** Whether the run belongs to the asking cluster first. */
  public boolean owns(String runId) {
    if (!divided()) {
      return true;
    }
    String best = clusters.get(0);
    long highest = Long.MIN_VALUE;
    for (String cluster : clusters) {
      long hash = hash(cluster + "/" + runId);
      if (hash > highest || (hash == highest && cluster.compareTo(best) < 0)) {
        highest = hash;
        best = cluster;
      }
    }
    return best.equals(own);
  }

  /** FNV-1a over the UTF-8 bytes, then MurmurHash3's finalizer, since FNV's high bits mix badly. */
  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
