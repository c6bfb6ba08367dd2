package dev.sweeprunner.page;

import dev.sweeprunner.cli.status.HarmlessJson;
import dev.sweeprunner.config.Points;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The document of {@code api/sweeps}, and what has changed of it since another look. Pure. */
final class DocumentJson {
  private final String version;

  /**
   * Documents of this program.
   *
   * @param version as the page names it
   */
  DocumentJson(String version) {
    this.version = version;
  }

  /** The whole of a look. */
  void whole(JsonGenerator json, Look look) {
    json.writeStartObject();
    HarmlessJson.property(json, "made", look.made().toString());
    HarmlessJson.property(json, "version", version);
    HarmlessJson.property(json, "storage_root", look.subject().ports().root().path().toString());
    HarmlessJson.property(json, "expiry_s", look.subject().ports().expiry().toSeconds());
    HarmlessJson.property(json, "notes", look.subject().notes());
    json.writeName("sweeps");
    json.writeStartArray();
    for (int i = 0; i < look.sweeps().size(); i++) {
      sweep(json, i, look.sweeps().get(i));
    }
    json.writeEndArray();
    json.writeName("workers");
    aged(json, look.workers());
    json.writeEndObject();
  }

  /** As text. */
  String whole(Look look) {
    return Look.json(json -> whole(json, look));
  }

  private static void sweep(JsonGenerator json, int index, Look.Sweep sweep) {
    Points points = sweep.grid();
    json.writeStartObject();
    HarmlessJson.property(json, "index", index);
    HarmlessJson.property(json, "name", points.sweep().name());
    HarmlessJson.property(json, "file", points.sweep().path().toString());
    HarmlessJson.property(json, "description", points.sweep().description());
    json.writeName("keys");
    keys(json, points);
    json.writeName("points");
    aged(json, sweep.points());
    json.writeRaw("," + sweep.whole());
    json.writeEndObject();
  }

  /** The keys that take several values, each with those that points have, in the file's order. */
  private static void keys(JsonGenerator json, Points points) {
    json.writeStartArray();
    for (String key : points.varied()) {
      Set<@Nullable Object> values = new LinkedHashSet<>();
      for (int i = 0; i < points.size(); i++) {
        values.add(points.overrides(i).get(key));
      }
      json.writeStartObject();
      HarmlessJson.property(json, "name", key);
      HarmlessJson.property(json, "values", new ArrayList<>(values));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * What differs from an earlier look at the same sweeps; empty where nothing does. Ages alone are
   * no difference.
   */
  Optional<String> change(Look before, Look now) {
    boolean workers = !members(before.workers()).equals(members(now.workers()));
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < now.sweeps().size(); i++) {
      if (differs(before.sweeps().get(i), now.sweeps().get(i))) {
        changed.add(i);
      }
    }
    boolean notes = !before.subject().notes().equals(now.subject().notes());
    return workers || notes || !changed.isEmpty()
        ? Optional.of(Look.json(json -> change(json, before, now, changed, workers)))
        : Optional.empty();
  }

  private static boolean differs(Look.Sweep before, Look.Sweep now) {
    return !before.whole().equals(now.whole())
        || !members(before.points()).equals(members(now.points()));
  }

  private static List<String> members(List<Look.Aged> all) {
    return all.stream().map(Look.Aged::members).toList();
  }

  private static void change(
      JsonGenerator json, Look before, Look now, List<Integer> changed, boolean workers) {
    json.writeStartObject();
    HarmlessJson.property(json, "made", now.made().toString());
    HarmlessJson.property(json, "notes", now.subject().notes());
    json.writeName("sweeps");
    json.writeStartArray();
    for (int sweep : changed) {
      json.writeStartObject();
      HarmlessJson.property(json, "index", sweep);
      json.writeName("points");
      aged(json, newer(before.sweeps().get(sweep).points(), now.sweeps().get(sweep).points()));
      json.writeRaw("," + now.sweeps().get(sweep).whole());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (workers) {
      json.writeName("workers");
      aged(json, now.workers());
    }
    json.writeEndObject();
  }

  /** A point keeps its place as long as the file is not edited. */
  private static List<Look.Aged> newer(List<Look.Aged> before, List<Look.Aged> now) {
    List<Look.Aged> newer = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      if (!Objects.equals(before.get(i).members(), now.get(i).members())) {
        newer.add(now.get(i));
      }
    }
    return newer;
  }

  private static void aged(JsonGenerator json, List<Look.Aged> all) {
    json.writeStartArray();
    all.forEach(each -> each.write(json));
    json.writeEndArray();
  }
}
