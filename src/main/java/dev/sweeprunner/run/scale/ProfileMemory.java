package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What a scaler remembers of one profile. Mutable; belongs to one look. */
final class ProfileMemory {
  /** By their ids. */
  final Map<String, Known> tasks;

  /** By the ids of the runs that its tasks hold. */
  final Map<String, Mark> marks;

  final Starts starts;
  final Ceiling ceiling;
  Rates rates;

  private ProfileMemory(
      Map<String, Known> tasks,
      Map<String, Mark> marks,
      Starts starts,
      Ceiling ceiling,
      Rates rates) {
    this.tasks = tasks;
    this.marks = marks;
    this.starts = starts;
    this.ceiling = ceiling;
    this.rates = rates;
  }

  ProfileMemory() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>(), new Starts(), new Ceiling(), Rates.UNKNOWN);
  }

  /** How many may still come to their first claim. */
  int unclaimed() {
    return (int) tasks.values().stream().filter(task -> !task.claimed && !task.settled).count();
  }

  void clamp(Instant now) {
    starts.clamp(now);
    ceiling.clamp(now);
  }

  Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("tasks", members(tasks, Known::members));
    members.put("marks", members(marks, Mark::members));
    members.put("starts", starts.members());
    members.put("ceiling", ceiling.members());
    members.put("rates", rates.members());
    return members;
  }

  private static <T> Map<String, ?> members(Map<String, T> map, Function<T, Map<String, ?>> form) {
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach((id, value) -> members.put(id, form.apply(value)));
    return members;
  }

  static ProfileMemory of(Fields fields) throws UnreadableJson {
    Map<String, Known> tasks = new LinkedHashMap<>();
    Fields known = fields.object("tasks");
    for (String id : known.members().keySet()) {
      tasks.put(id, Known.of(known.object(id)));
    }
    Map<String, Mark> marks = new LinkedHashMap<>();
    Fields marked = fields.object("marks");
    for (String id : marked.members().keySet()) {
      marks.put(id, Mark.of(marked.object(id)));
    }
    return new ProfileMemory(
        tasks,
        marks,
        Starts.of(fields.object("starts")),
        Ceiling.of(fields.object("ceiling")),
        Rates.of(fields.object("rates")));
  }
}
