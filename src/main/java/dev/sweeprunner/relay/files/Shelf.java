package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.TrackedArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts of a run, of this claim and of dead ones: one small file each, replaced whole. What
 * changes is written among this claim's; dead claims' files stay as they are. Callers take turns.
 */
final class Shelf {
  private static final String SUFFIX = ".json";

  /** Bytes of all that is said of a run's artifacts, which is kept in memory too. */
  private static final long MOST = 64 << 20;

  private final FileSystem disk;
  private final List<Path> folders;
  private final Said said;
  private final Map<Long, TrackedArtifact> all = new LinkedHashMap<>();
  private long bytes;
  private boolean read;

  /**
   * A shelf that is read when it is first used.
   *
   * @param folders of the claims: first this one's, then those of dead ones
   */
  Shelf(FileSystem disk, List<Path> folders, Said said) {
    this.disk = disk;
    this.folders = folders.stream().map(Layout::trackedArtifacts).toList();
    this.said = said;
  }

  /** The artifact of a number, or null. */
  @Nullable TrackedArtifact find(long number) throws IOException {
    return all().get(number);
  }

  /** Every artifact, by its number. */
  Map<Long, TrackedArtifact> all() throws IOException {
    if (!read) {
      for (int i = folders.size() - 1; i >= 0; i--) {
        readFrom(folders.get(i), i == 0);
      }
      read = true;
    }
    return all;
  }

  /** How many are whole in a collection, and so the next one's version. */
  int versions(String collection) throws IOException {
    return (int)
        all().values().stream()
            .filter(one -> one.committed() && one.collection().equals(collection))
            .count();
  }

  /**
   * Puts it there, or in the place of what was known of it.
   *
   * @return false where it is too much; nothing has changed
   */
  boolean put(TrackedArtifact artifact) throws IOException {
    byte[] json = artifact.json();
    TrackedArtifact before = find(artifact.number());
    long after = bytes + json.length - (before == null ? 0 : before.json().length);
    if (after > MOST) {
      return false;
    }
    disk.makeFolders(folders.get(0));
    disk.replace(folders.get(0).resolve(artifact.number() + SUFFIX), json);
    all.put(artifact.number(), artifact);
    bytes = after;
    return true;
  }

  /** Where this claim puts an artifact's manifest and contents. */
  Path contents(TrackedArtifact artifact) {
    return folders.get(0).resolve(Long.toString(artifact.number()));
  }

  /** Where the manifest and contents of one that is whole lie. */
  Path whole(TrackedArtifact artifact) {
    return folders.stream()
        .map(folder -> folder.resolve(Long.toString(artifact.number())))
        .filter(folder -> Files.exists(folder.resolve(TrackedArtifact.MANIFEST)))
        .findFirst()
        .orElse(contents(artifact));
  }

  /** When it was last changed here; before that of anything where it is not here. */
  Instant changed(TrackedArtifact artifact) throws IOException {
    for (Path folder : folders) {
      try {
        return disk.modified(folder.resolve(artifact.number() + SUFFIX));
      } catch (NoSuchFileException elsewhere) {
        continue;
      }
    }
    return Instant.EPOCH;
  }

  /** One that a dead claim left unfinished is begun anew by whoever wants it. */
  private void readFrom(Path folder, boolean own) throws IOException {
    for (String name : names(folder)) {
      if (name.endsWith(SUFFIX) && !name.startsWith(FileSystem.TEMP_PREFIX)) {
        try {
          TrackedArtifact one = TrackedArtifact.read(disk.read(folder.resolve(name)));
          if (own || one.committed()) {
            all.put(one.number(), one);
            bytes += one.json().length;
          }
        } catch (UnreadableJson damaged) {
          said.say("The artifact in " + folder.resolve(name) + " cannot be read and is left out");
        }
      }
    }
  }

  private List<String> names(Path folder) throws IOException {
    try {
      return disk.list(folder).stream().sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }
}
