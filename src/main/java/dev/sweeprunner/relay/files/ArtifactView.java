package dev.sweeprunner.relay.files;

import dev.sweeprunner.run.TrackedArtifact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An artifact as a client wants to see it that waited until it was logged. */
final class ArtifactView {
  private ArtifactView() {}

  static Map<String, @Nullable Object> of(TrackedArtifact artifact, String state, Instant changed) {
    Map<String, @Nullable Object> input = artifact.inputs().get(0);
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("__typename", "Artifact");
    view.put("id", artifact.id());
    view.put("artifactSequence", collection(artifact.collection(), input));
    view.put("versionIndex", Math.max(0, artifact.version()));
    view.put("artifactType", Map.of("name", artifact.type()));
    view.put("description", input.get("description"));
    view.put("metadata", input.get("metadata"));
    Object ttl = input.get("ttlDurationSeconds");
    view.put("ttlDurationSeconds", ttl == null ? -1 : ttl);
    view.put("ttlIsInherited", ttl == null);
    view.put("tags", named(artifact.inputs(), "tags", "tagName", "Tag", "name"));
    view.put("historyStep", input.get("historyStep"));
    view.put("state", state);
    view.put("size", 0);
    view.put("digest", artifact.digest());
    view.put("digestAlgorithm", input.getOrDefault("digestAlgorithm", "MANIFEST_MD5"));
    view.put("commitHash", null);
    view.put("fileCount", artifact.files().size());
    view.put("createdAt", changed.toString());
    view.put("updatedAt", changed.toString());
    view.put("aliases", aliases(artifact, input));
    return view;
  }

  /** As a collection shows it to which it was linked. */
  static Map<String, @Nullable Object> linked(
      TrackedArtifact artifact, Map<String, @Nullable Object> link, String state, Instant changed) {
    Map<String, @Nullable Object> collection =
        collection(String.valueOf(link.get("artifactPortfolioName")), link);
    collection.put("__typename", "ArtifactPortfolio");
    Map<String, @Nullable Object> membership = new LinkedHashMap<>();
    membership.put("__typename", "ArtifactCollectionMembership");
    membership.put("id", "ArtifactCollectionMembership:" + artifact.number());
    membership.put("versionIndex", Math.max(0, artifact.version()));
    membership.put("createdAt", changed.toString());
    membership.put("aliases", named(List.of(link), "aliases", "alias", "ArtifactAlias", "alias"));
    membership.put("artifactCollection", collection);
    membership.put("artifact", of(artifact, state, changed));
    return membership;
  }

  private static List<Object> aliases(
      TrackedArtifact artifact, Map<String, @Nullable Object> input) {
    List<Object> aliases = new ArrayList<>();
    for (Map<String, @Nullable Object> alias :
        named(artifact.inputs(), "aliases", "alias", "ArtifactAlias", "alias")) {
      alias.put("artifactCollection", collection(artifact.collection(), input));
      aliases.add(alias);
    }
    return aliases;
  }

  /** What the inputs list under a member, once each. */
  private static List<Map<String, @Nullable Object>> named(
      List<Map<String, @Nullable Object>> inputs,
      String list,
      String from,
      String type,
      String to) {
    Set<String> names = new LinkedHashSet<>();
    for (Map<String, @Nullable Object> input : inputs) {
      if (input.get(list) instanceof List<?> all) {
        all.forEach(
            one -> {
              if (one instanceof Map<?, ?> map && map.get(from) instanceof String name) {
                names.add(name);
              }
            });
      }
    }
    List<Map<String, @Nullable Object>> nodes = new ArrayList<>();
    for (String name : names) {
      Map<String, @Nullable Object> node = new LinkedHashMap<>();
      node.put("__typename", type);
      node.put("id", type + ":" + name);
      node.put(to, name);
      nodes.add(node);
    }
    return nodes;
  }

  private static Map<String, @Nullable Object> collection(
      String name, Map<String, @Nullable Object> input) {
    Map<String, @Nullable Object> project = new LinkedHashMap<>();
    project.put("id", "UHJvamVjdDox");
    project.put("internalId", "UHJvamVjdDox");
    project.put("name", String.valueOf(input.get("projectName")));
    project.put("entity", Map.of("name", String.valueOf(input.get("entityName"))));
    Map<String, @Nullable Object> collection = new LinkedHashMap<>();
    collection.put("__typename", "ArtifactSequence");
    collection.put("name", name);
    collection.put("project", project);
    return collection;
  }
}
