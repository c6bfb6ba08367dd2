package dev.sweeprunner.claim;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** What one call does to a disk and what the truth about it is. Each call is atomic. */
@NullMarked
final class SimServer {
  private SimServer() {}

  /** The true answer, and the disk afterwards. */
  record Step(SimReply reply, SimDisk disk) {}

  static Step apply(SimDisk disk, SimCall call) {
    return switch (call.kind()) {
      case MAKE_FOLDERS -> makeFolders(disk, call.path());
      case LIST, SYNC -> list(disk, call);
      case READ -> read(disk, call.path());
      case MODIFIED -> modified(disk, call.path());
      case CREATE -> create(disk, call.path(), file(call, call.content()), SimReply.DONE);
      case TAKE -> {
        SimDisk.Node empty = file(call, SimBlob.EMPTY);
        yield create(disk, call.path(), empty, SimReply.number(empty.id()));
      }
      case OPEN -> open(disk, call);
      case FILL, BEAT, APPEND -> write(disk, call);
      case LINK -> link(disk, call);
      case RENAME -> rename(disk, call.path(), call.to());
      case DELETE -> delete(disk, call.path());
      case DELETE_TREE -> deleteTree(disk, call.path());
      case CHOOSE, TELL -> throw new IllegalArgumentException(call.toString());
    };
  }

  /** Whether the parent is a folder; null if it is, else the error. */
  private static @Nullable SimReply parent(SimDisk disk, Path path) {
    SimDisk.Node parent = disk.get(Objects.requireNonNull(path.getParent()));
    return parent == null ? SimReply.MISSING : parent.folder() ? null : SimReply.NO_FOLDER;
  }

  private static SimDisk.Node file(SimCall call, SimBlob content) {
    return new SimDisk.Node(false, call.number(), content, 0);
  }

  private static Step makeFolders(SimDisk disk, Path folder) {
    SimDisk.Node node = disk.get(folder);
    if (node != null) {
      return new Step(node.folder() ? SimReply.DONE : SimReply.EXISTS, disk);
    }
    Path parent = folder.getParent();
    Step above = parent == null ? new Step(SimReply.DONE, disk) : makeFolders(disk, parent);
    return above.reply.failed()
        ? above
        : new Step(SimReply.DONE, above.disk.with(folder, SimDisk.Node.FOLDER));
  }

  private static Step list(SimDisk disk, SimCall call) {
    SimDisk.Node node = disk.get(call.path());
    if (node == null) {
      return new Step(SimReply.MISSING, disk);
    }
    if (call.kind() == SimCall.Kind.SYNC) {
      return new Step(SimReply.DONE, disk);
    }
    return new Step(
        node.folder() ? SimReply.names(disk.list(call.path())) : SimReply.NO_FOLDER, disk);
  }

  private static Step read(SimDisk disk, Path file) {
    SimDisk.Node node = disk.get(file);
    if (node == null) {
      return new Step(SimReply.MISSING, disk);
    }
    return new Step(node.folder() ? SimReply.EIO : SimReply.bytes(node.content()), disk);
  }

  private static Step modified(SimDisk disk, Path file) {
    SimDisk.Node node = disk.get(file);
    return new Step(node == null ? SimReply.MISSING : SimReply.number(node.changes()), disk);
  }

  private static Step create(SimDisk disk, Path path, SimDisk.Node node, SimReply reply) {
    SimReply wrong = disk.get(path) != null ? SimReply.EXISTS : parent(disk, path);
    return wrong != null ? new Step(wrong, disk) : new Step(reply, disk.with(path, node));
  }

  private static Step open(SimDisk disk, SimCall call) {
    SimDisk.Node there = disk.get(call.path());
    if (there != null) {
      return new Step(there.folder() ? SimReply.EIO : SimReply.number(there.id()), disk);
    }
    SimDisk.Node made = file(call, SimBlob.EMPTY);
    return create(disk, call.path(), made, SimReply.number(made.id()));
  }

  /** Through an open file: where the name is gone or another's, into nothing. */
  private static Step write(SimDisk disk, SimCall call) {
    SimDisk.Node node = disk.get(call.path());
    if (node == null || node.id() != call.number()) {
      return new Step(SimReply.DONE, disk);
    }
    SimBlob content = call.content();
    if (call.kind() == SimCall.Kind.APPEND) {
      byte[] old = node.content().bytes;
      byte[] whole = java.util.Arrays.copyOf(old, old.length + content.bytes.length);
      System.arraycopy(content.bytes, 0, whole, old.length, content.bytes.length);
      content = new SimBlob(whole);
    }
    long changes = call.kind() == SimCall.Kind.BEAT ? node.changes() + 1 : node.changes();
    return new Step(
        SimReply.DONE,
        disk.with(call.path(), new SimDisk.Node(false, node.id(), content, changes)));
  }

  private static Step link(SimDisk disk, SimCall call) {
    SimDisk.Node source = disk.get(call.to());
    return source == null
        ? new Step(SimReply.MISSING, disk)
        : create(disk, call.path(), source, SimReply.DONE);
  }

  private static Step rename(SimDisk disk, Path from, Path to) {
    SimDisk.Node moved = disk.get(from);
    SimReply wrong = moved == null ? SimReply.MISSING : parent(disk, to);
    if (moved == null || wrong != null) {
      return new Step(wrong == null ? SimReply.MISSING : wrong, disk);
    }
    if (moved.folder()) {
      return renameFolder(disk, from, to);
    }
    SimDisk.Node there = disk.get(to);
    return there != null && there.folder()
        ? new Step(SimReply.EIO, disk)
        : new Step(SimReply.DONE, disk.without(from).with(to, moved));
  }

  private static Step renameFolder(SimDisk disk, Path from, Path to) {
    SimDisk.Node there = disk.get(to);
    if (there != null && !(there.folder() && disk.list(to).isEmpty())) {
      return new Step(there.folder() ? SimReply.NOT_EMPTY : SimReply.NO_FOLDER, disk);
    }
    SimDisk next = disk;
    for (Path path : disk.under(from)) {
      SimDisk.Node node = Objects.requireNonNull(disk.get(path));
      Path target = path.equals(from) ? to : to.resolve(from.relativize(path));
      next = next.without(path).with(target, node);
    }
    return new Step(SimReply.DONE, next);
  }

  private static Step delete(SimDisk disk, Path path) {
    SimDisk.Node node = disk.get(path);
    if (node != null && node.folder() && !disk.list(path).isEmpty()) {
      return new Step(SimReply.NOT_EMPTY, disk);
    }
    return new Step(SimReply.DONE, disk.without(path));
  }

  private static Step deleteTree(SimDisk disk, Path folder) {
    SimDisk next = disk;
    for (Path path : disk.under(folder)) {
      next = next.without(path);
    }
    return new Step(SimReply.DONE, next);
  }
}
