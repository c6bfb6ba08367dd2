package dev.sweeprunner.claim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** All names and contents that a server holds: never changed, only followed by another one. */
@NullMarked
final class SimDisk {
  static final SimDisk EMPTY = new SimDisk(Map.of(), 0);

  private final Map<Path, Node> nodes;
  final long hash;

  private SimDisk(Map<Path, Node> nodes, long hash) {
    this.nodes = nodes;
    this.hash = hash;
  }

  /**
   * A file or a folder.
   *
   * @param id identity behind the name, for whoever has it open
   * @param changes how often its content was overwritten: its time
   */
  record Node(boolean folder, long id, SimBlob content, long changes) {
    static final Node FOLDER = new Node(true, 0, SimBlob.EMPTY, 0);

    long hash(Path path) {
      long h = SimBlob.then(SimBlob.hash(path.toString()), folder ? 1 : 2);
      return SimBlob.then(SimBlob.then(SimBlob.then(h, id), content.hash), changes);
    }
  }

  @Nullable Node get(Path path) {
    return nodes.get(path);
  }

  SimDisk with(Path path, Node node) {
    Map<Path, Node> next = new HashMap<>(nodes);
    Node before = next.put(path, node);
    long without = before == null ? hash : hash - before.hash(path);
    return new SimDisk(next, without + node.hash(path));
  }

  SimDisk without(Path path) {
    Map<Path, Node> next = new HashMap<>(nodes);
    Node before = next.remove(path);
    return before == null ? this : new SimDisk(next, hash - before.hash(path));
  }

  /** Names in a folder, sorted. */
  List<String> list(Path folder) {
    List<String> names = new ArrayList<>();
    for (Path path : nodes.keySet()) {
      if (folder.equals(path.getParent())) {
        names.add(String.valueOf(path.getFileName()));
      }
    }
    Collections.sort(names);
    return names;
  }

  /** A folder and everything under it. */
  List<Path> under(Path folder) {
    return nodes.keySet().stream().filter(path -> path.startsWith(folder)).sorted().toList();
  }
}
