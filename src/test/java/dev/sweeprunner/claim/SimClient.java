package dev.sweeprunner.claim;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * What the NFS client of one machine remembers: names that it once found missing, and each folder
 * as it last listed it. Listing a folder makes its names known; a change of one's own makes the
 * remembered listing void. Never changed, only followed.
 */
@NullMarked
final class SimClient {
  static final SimClient NEW = new SimClient(Set.of(), Map.of());

  private final Set<Path> missing;
  private final Map<Path, SimReply> listings;
  final long hash;

  private SimClient(Set<Path> missing, Map<Path, SimReply> listings) {
    this.missing = missing;
    this.listings = listings;
    long h = 0;
    for (Path path : missing) {
      h += SimBlob.hash(path.toString());
    }
    for (Map.Entry<Path, SimReply> listing : listings.entrySet()) {
      h += SimBlob.then(SimBlob.hash(listing.getKey().toString()), listing.getValue().hash);
    }
    this.hash = h;
  }

  /** What it may answer out of its memory though it is not so any more, or null. */
  @Nullable SimReply stale(SimCall call, SimReply truth) {
    return switch (call.kind()) {
      case READ, MODIFIED -> missing.contains(call.path()) ? other(SimReply.MISSING, truth) : null;
      case LIST -> other(listings.get(call.path()), truth);
      default -> null;
    };
  }

  private static @Nullable SimReply other(@Nullable SimReply remembered, SimReply truth) {
    return remembered == null || remembered.hash == truth.hash ? null : remembered;
  }

  SimClient after(SimCall call, SimReply reply) {
    switch (call.kind()) {
      case LIST:
        return reply.failed() ? this : listed(call.path(), reply);
      case READ, MODIFIED:
        return reply.kind == SimReply.Kind.MISSING ? missed(call.path()) : this;
      case CREATE, TAKE, OPEN, LINK, RENAME, DELETE:
        return reply.failed() ? this : changed(call.path());
      default:
        return this;
    }
  }

  private SimClient listed(Path folder, SimReply names) {
    Map<Path, SimReply> next = new HashMap<>(listings);
    next.put(folder, names);
    Set<Path> still = new HashSet<>(missing);
    still.removeIf(path -> folder.equals(path.getParent()));
    return new SimClient(still, next);
  }

  private SimClient missed(Path path) {
    Set<Path> more = new HashSet<>(missing);
    more.add(path);
    return new SimClient(more, listings);
  }

  private SimClient changed(Path path) {
    Map<Path, SimReply> next = new HashMap<>(listings);
    next.remove(path.getParent());
    Set<Path> still = new HashSet<>(missing);
    still.remove(path);
    return new SimClient(still, next);
  }

  static List<SimClient> fresh(int clients) {
    return java.util.Collections.nCopies(clients, NEW);
  }
}
