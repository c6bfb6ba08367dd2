package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;

/** Files and folders in memory, for thousands of claims in a second; every call is atomic. */
@NullMarked
final class MemoryFiles implements FileSystem {
  private static final class Node {
    final boolean folder;
    byte[] content;
    long changes;

    Node(boolean folder, byte[] content) {
      this.folder = folder;
      this.content = content;
    }
  }

  private final Map<Path, Node> nodes = new HashMap<>();
  private final BiConsumer<Path, byte[]> named;

  /**
   * Nothing yet.
   *
   * @param named told of each name that comes into being by a link or an exclusive creation
   */
  MemoryFiles(BiConsumer<Path, byte[]> named) {
    this.named = named;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private Node existing(Path path) throws IOException {
    Node node = nodes.get(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private void put(Path path, Node node) throws IOException {
    existing(parent(path));
    if (nodes.putIfAbsent(path, node) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    named.accept(path, node.content);
  }

  @Override
  public synchronized void makeFolders(Path folder) throws IOException {
    Node node = nodes.get(folder);
    if (node == null) {
      if (folder.getParent() != null) {
        makeFolders(parent(folder));
      }
      nodes.put(folder, new Node(true, new byte[0]));
    } else if (!node.folder) {
      throw new FileAlreadyExistsException(folder.toString());
    }
  }

  @Override
  public synchronized List<String> list(Path folder) throws IOException {
    if (!existing(folder).folder) {
      throw new NotDirectoryException(folder.toString());
    }
    return nodes.keySet().stream()
        .filter(path -> folder.equals(path.getParent()))
        .map(path -> String.valueOf(path.getFileName()))
        .toList();
  }

  @Override
  public synchronized byte[] read(Path file) throws IOException {
    return existing(file).content.clone();
  }

  @Override
  public synchronized Instant modified(Path file) throws IOException {
    return Instant.ofEpochSecond(existing(file).changes);
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    take(file, content);
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    take(file, out.toByteArray());
  }

  @Override
  public synchronized void take(Path file, byte[] content) throws IOException {
    put(file, new Node(false, content.clone()));
  }

  @Override
  public synchronized void link(Path newName, Path file) throws IOException {
    put(newName, existing(file));
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    nodes.put(to, existing(from));
    nodes.remove(from);
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    Node node = nodes.get(path);
    if (node != null && node.folder && !list(path).isEmpty()) {
      throw new FileSystemException(path.toString(), null, "Directory not empty");
    }
    nodes.remove(path);
  }

  @Override
  public synchronized void deleteTree(Path folder) {
    nodes.keySet().removeIf(path -> path.startsWith(folder));
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    list(folder);
  }

  @Override
  public synchronized void replace(Path file, byte[] content) {
    nodes.put(file, new Node(false, content.clone()));
  }

  @Override
  public void replaceLink(Path link, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized Beat openBeat(Path file) throws IOException {
    existing(parent(file));
    Node node = nodes.computeIfAbsent(file, path -> new Node(false, new byte[0]));
    return new Beat() {
      @Override
      public void write(byte[] content) {
        synchronized (MemoryFiles.this) {
          node.content = content.clone();
          node.changes++;
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Appender openAppender(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long freeBytes(Path folder) {
    return Long.MAX_VALUE;
  }
}
