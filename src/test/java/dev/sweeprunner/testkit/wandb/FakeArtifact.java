package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One version of an artifact on the server. All methods may be called by any thread. */
public final class FakeArtifact {
  private final int number;
  private final Map<String, @Nullable Object> input;
  private final Set<String> clientIds = new TreeSet<>();
  private final Set<String> aliases = new TreeSet<>();
  private final Set<String> links = new TreeSet<>();
  private final Map<String, String> wanted = new TreeMap<>();
  private final Map<String, byte[]> files = new TreeMap<>();
  private byte @Nullable [] manifest;
  private String manifestDigest = "";
  private int version = -1;

  FakeArtifact(int number, Map<String, @Nullable Object> input) {
    this.number = number;
    this.input = new LinkedHashMap<>(input);
  }

  /** The server's own id. */
  public String id() {
    return RunAddress.globalId("Artifact", Integer.toString(number));
  }

  /** The collection whose version it is. */
  public String collection() {
    return text("artifactCollectionName");
  }

  /** What kind of artifact it is. */
  public String type() {
    return text("artifactTypeName");
  }

  /** What tells its content from another's. */
  public String digest() {
    return text("digest");
  }

  /** The run that made it; empty for none. */
  public String run() {
    return Objects.requireNonNullElse((String) input.get("runName"), "");
  }

  /** Its place in its collection; -1 while it is not whole. */
  public synchronized int version() {
    return version;
  }

  /** What clients call it. */
  public synchronized Set<String> clientIds() {
    return new TreeSet<>(clientIds);
  }

  /** The aliases that point at it. */
  public synchronized Set<String> aliases() {
    return new TreeSet<>(aliases);
  }

  /** The collections that it is linked to, each with its aliases. */
  public synchronized Set<String> links() {
    return new TreeSet<>(links);
  }

  /** Its content by the names of its entries. */
  public synchronized Map<String, byte[]> files() {
    return new TreeMap<>(files);
  }

  /** The manifest as it was put, or null. */
  public synchronized @Nullable String manifest() {
    return manifest == null ? null : new String(manifest, StandardCharsets.UTF_8);
  }

  /** What its first creator asked for. */
  public Map<String, @Nullable Object> input() {
    return Collections.unmodifiableMap(input);
  }

  int number() {
    return number;
  }

  boolean committed() {
    return version() >= 0;
  }

  boolean in(String entity, String project) {
    return entity.equals(input.get("entityName")) && project.equals(input.get("projectName"));
  }

  boolean inCollectionOf(FakeArtifact other) {
    return in(other.text("entityName"), other.text("projectName"))
        && collection().equals(other.collection());
  }

  synchronized void calledFor(Map<String, @Nullable Object> asked) {
    if (asked.get("clientID") instanceof String client) {
      clientIds.add(client);
    }
  }

  synchronized void alias(String alias, boolean here) {
    if (here) {
      aliases.add(alias);
    } else {
      aliases.remove(alias);
    }
  }

  synchronized void linked(String to) {
    links.add(to);
  }

  synchronized void wants(String name, String md5) {
    wanted.put(name, md5);
  }

  synchronized void stored(String name, byte[] bytes) {
    files.put(name, bytes);
  }

  synchronized void manifestOf(String digest) {
    manifestDigest = digest;
  }

  synchronized void manifest(byte[] bytes) {
    manifest = bytes;
  }

  synchronized void commit(int as) {
    version = as;
  }

  /** What is not as a whole artifact is; empty if nothing. */
  List<String> faults(ArtifactBook book) {
    List<String> faults = new ArrayList<>();
    Map<String, byte[]> here = files();
    wanted()
        .forEach(
            (name, md5) -> {
              byte[] bytes = here.get(name);
              if (bytes == null) {
                faults.add("no content of " + name);
              } else if (!Hashes.md5(bytes).equals(md5)) {
                faults.add("another content of " + name + " than was told");
              }
            });
    byte[] text = manifestAsTold();
    if (text == null) {
      faults.add("no manifest, or another than was told");
    } else {
      entries(text).forEach((name, entry) -> fault(name, Json.members(entry), book, faults));
    }
    return faults;
  }

  private synchronized Map<String, String> wanted() {
    return new TreeMap<>(wanted);
  }

  private synchronized byte @Nullable [] manifestAsTold() {
    byte[] text = manifest;
    return text != null && Hashes.md5(text).equals(manifestDigest) ? text : null;
  }

  private void fault(
      String name, Map<String, @Nullable Object> entry, ArtifactBook book, List<String> faults) {
    if (entry.get("ref") instanceof String ref) {
      if (ref.startsWith("wandb-artifact://") && book.byReference(ref) == null) {
        faults.add(name + " refers to an artifact that is not here: " + ref);
      } else if (ref.startsWith("wandb-client-artifact:")) {
        faults.add(name + " refers to a client's name: " + ref);
      }
    } else if (!files().containsKey(name)) {
      faults.add("the manifest names " + name + ", which was never put");
    } else if (book.find(String.valueOf(entry.get("birthArtifactID"))) == null) {
      faults.add(name + " was born in an artifact that is not here");
    }
  }

  static Map<String, @Nullable Object> entries(byte[] manifest) {
    String text = new String(manifest, StandardCharsets.UTF_8);
    return Json.members(Json.object(text).get("contents"));
  }

  private String text(String member) {
    return String.valueOf(input.get(member));
  }
}
