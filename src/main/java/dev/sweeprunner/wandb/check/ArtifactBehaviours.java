package dev.sweeprunner.wandb.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.wandb.api.RemoteArtifacts;
import dev.sweeprunner.wandb.api.RemoteArtifacts.Created;
import dev.sweeprunner.wandb.api.RemoteArtifacts.Place;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Awaited;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the shipping of programs' artifacts rests on: a process that was killed on the way begins
 * again, and one that comes later sends nothing of what is whole.
 */
final class ArtifactBehaviours {
  private static final String FILE = "check/kept.txt";

  private final Scratch scratch;
  private final ScratchRun run;
  private final byte[] content;
  private int asked;

  ArtifactBehaviours(Scratch scratch) {
    this.scratch = scratch;
    this.run = scratch.run("artifact");
    this.content = run.path().runId().getBytes(UTF_8);
  }

  List<Behaviour> all() {
    return List.of(
        new Behaviour(
            "an artifact that was begun is not whole, and may be begun again", this::begun),
        new Behaviour("one that was committed is found whole by its digest", this::committed));
  }

  private Seen begun() throws WandbFailure {
    run.post(StreamChunk.HEARTBEAT);
    boolean first = create().whole();
    boolean whole = create().whole() || first;
    return Seen.of(!whole, whole ? "it is said to be whole" : "not whole, twice");
  }

  private Seen committed() throws WandbFailure, Halted {
    run.post(StreamChunk.HEARTBEAT);
    Created created = create();
    fill(created, scratch.client().artifacts());
    scratch.client().artifacts().commit(created);
    Awaited<Created> read =
        scratch.await(
            Scratch.SETTLE,
            this::create,
            again -> again.whole() && again.id().equals(created.id()));
    return Seen.of(
        read.right(), (read.right() ? "found whole " : "not found whole ") + read.when());
  }

  /** Each time as another client that has the same. */
  private Created create() throws WandbFailure {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("entityName", run.path().entity());
    input.put("projectName", run.path().project());
    input.put("runName", run.path().runId());
    input.put("artifactTypeName", "check");
    input.put("artifactCollectionName", run.path().runId());
    input.put("digest", digest());
    input.put("digestAlgorithm", "MANIFEST_MD5");
    input.put("enableDigestDeduplication", true);
    input.put("clientID", run.path().runId() + "-" + asked++);
    input.put("sequenceClientID", run.path().runId());
    return scratch.client().artifacts().create(input);
  }

  private void fill(Created created, RemoteArtifacts to) throws WandbFailure {
    String manifestId = to.manifest(created, run.path());
    Place place = to.places(created, manifestId, Map.of(FILE, base64(content))).get(0);
    to.put(FILE, place, content);
    byte[] manifest = manifest(place.artifactId());
    to.putManifest(created, run.path(), manifest, base64(manifest));
  }

  private byte[] manifest(String bornIn) {
    String entry =
        "{\"digest\":\"%s\",\"birthArtifactID\":\"%s\",\"size\":%d}"
            .formatted(base64(content), bornIn, content.length);
    return "{\"version\":1,\"storagePolicy\":\"wandb-storage-policy-v1\",%s,\"contents\":{\"%s\":%s}}"
        .formatted("\"storagePolicyConfig\":{\"storageLayout\":\"V2\"}", FILE, entry)
        .getBytes(UTF_8);
  }

  /** As clients make it: of the names and digests of all entries. */
  private String digest() {
    String entries = "wandb-artifact-manifest-v1\n" + FILE + ":" + base64(content) + "\n";
    return HexFormat.of().formatHex(md5(entries.getBytes(UTF_8)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(md5(bytes));
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
