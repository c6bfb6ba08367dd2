package dev.sweeprunner.run;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An artifact as a program gave it to W&amp;B: what it said of it, and which files it has. Their
 * content lies beside it. Two of one name, type and digest are one artifact. Immutable.
 *
 * @param order its place among the run's artifacts, in the order in which they were first named
 * @param version its place among those of its collection that are whole; -1 before it is
 * @param inputs what the program asked for, member by member: the first made it, the others found
 *     that it was there. Each has a {@code clientID} of its own
 * @param files the entries of its manifest that have content here, with the MD5 that was told
 * @param links collections that it is to appear in too
 */
public record TrackedArtifact(
    int order,
    int version,
    List<Map<String, @Nullable Object>> inputs,
    Map<String, String> files,
    List<Map<String, @Nullable Object>> links) {
  /** The manifest's name beside the contents. */
  public static final String MANIFEST = "manifest.json";

  private static final int VERSION = 1;
  private static final String KIND = "Artifact:";
  private static final int NUMBER_BYTES = 7;

  /** Copies what it is given. */
  public TrackedArtifact {
    inputs = List.copyOf(inputs);
    files = new TreeMap<>(files);
    links = List.copyOf(links);
  }

  /** One of which only this is known yet. */
  public static TrackedArtifact first(int order, Map<String, @Nullable Object> input) {
    return new TrackedArtifact(order, -1, List.of(input), Map.of(), List.of());
  }

  /** Whether it is whole. */
  public boolean committed() {
    return version >= 0;
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

  /** Every name that the program's rows may call it by. */
  public List<String> clientIds() {
    return inputs.stream().map(input -> String.valueOf(input.get("clientID"))).toList();
  }

  /** Of collection, type and digest: the same in every claim of the run. Positive. */
  public long number() {
    byte[] hash = sha256(String.join("\n", collection(), type(), digest()));
    long number = 0;
    for (int i = 0; i < NUMBER_BYTES; i++) {
      number = number << 8 | (hash[i] & 0xff);
    }
    return number;
  }

  /** What the program's client knows it by; decodes from base 64, as the client wants. */
  public String id() {
    byte[] plain = (KIND + number()).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(plain);
  }

  /** The number in an id; empty for what is none of ours. */
  public static OptionalLong numberOf(String id) {
    try {
      String plain = new String(Base64.getDecoder().decode(id), StandardCharsets.UTF_8);
      return plain.startsWith(KIND)
          ? OptionalLong.of(Long.parseLong(plain.substring(KIND.length())))
          : OptionalLong.empty();
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  /** The name of the file that holds an entry's content. */
  public static String contentName(String entry) {
    return HexFormat.of().formatHex(sha256(entry));
  }

  /** As this, with another version. */
  public TrackedArtifact committedAs(int number) {
    return new TrackedArtifact(order, number, inputs, files, links);
  }

  /** As this, asked for once more. */
  public TrackedArtifact and(Map<String, @Nullable Object> input) {
    List<Map<String, @Nullable Object>> more = new ArrayList<>(inputs);
    more.add(input);
    return new TrackedArtifact(order, version, more, files, links);
  }

  /** As this, with these entries too. */
  public TrackedArtifact with(Map<String, String> entries) {
    Map<String, String> more = new TreeMap<>(files);
    more.putAll(entries);
    return new TrackedArtifact(order, version, inputs, more, links);
  }

  /** As this, linked once more. */
  public TrackedArtifact linked(Map<String, @Nullable Object> link) {
    List<Map<String, @Nullable Object>> more = new ArrayList<>(links);
    more.add(link);
    return new TrackedArtifact(order, version, inputs, files, more);
  }

  /** One line with a newline at its end. */
  public byte[] json() {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("v", VERSION);
    root.put("order", order);
    root.put("version", version);
    root.put("inputs", inputs);
    root.put("files", files);
    root.put("links", links);
    return Json.bytes(root);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws UnreadableJson if it is something else, or of a newer version
   */
  public static TrackedArtifact read(byte[] bytes) throws UnreadableJson {
    Fields root = Fields.of(bytes);
    if (root.integer("v") != VERSION) {
      throw new UnreadableJson("version " + root.integer("v") + " of a newer program");
    }
    Fields entries = root.object("files");
    Map<String, String> files = new TreeMap<>();
    for (String name : entries.members().keySet()) {
      files.put(name, entries.text(name));
    }
    List<Map<String, @Nullable Object>> inputs = members(root, "inputs");
    if (inputs.isEmpty()) {
      throw new UnreadableJson("no inputs");
    }
    return new TrackedArtifact(
        root.integer("order"), root.integer("version"), inputs, files, members(root, "links"));
  }

  private static List<Map<String, @Nullable Object>> members(Fields root, String name)
      throws UnreadableJson {
    return root.objects(name).stream().map(Fields::members).toList();
  }

  private String text(String member) {
    return inputs.get(0).get(member) instanceof String text ? text : "";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
