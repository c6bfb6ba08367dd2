package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scaler remembers from one look to the next: of each profile its tasks that have not ended,
 * what became of their starts, what Slurm refused, and what was measured. To lose it loses only
 * that: tasks are found again by their job's name.
 *
 * <p>Its size is bounded by the tasks that Slurm lists and twice {@link Rules#unclaimedPerHour} and
 * the limit of each profile. Times in it are wall times; none holds anybody up for more than an
 * hour, whatever a clock said. Mutable; belongs to one look.
 */
public final class Memory {
  private final Map<String, ProfileMemory> profiles = new TreeMap<>();

  /** Knows nothing. */
  public Memory() {}

  ProfileMemory of(String profile) {
    return profiles.computeIfAbsent(profile, name -> new ProfileMemory());
  }

  Map<String, ProfileMemory> profiles() {
    return profiles;
  }

  void clamp(Instant now) {
    profiles.values().forEach(profile -> profile.clamp(now));
  }

  /** The tasks that are known, by their ids: whether they were seen to hold a run. */
  public Map<String, Boolean> claims() {
    Map<String, Boolean> claims = new LinkedHashMap<>();
    profiles
        .values()
        .forEach(profile -> profile.tasks.forEach((id, task) -> claims.put(id, task.claimed)));
    return claims;
  }

  /** The profiles that get no new tasks for a while. */
  public List<Paused> paused(Instant now) {
    List<Paused> paused = new ArrayList<>();
    profiles.forEach(
        (name, profile) -> {
          Instant until = profile.starts.until();
          if (until != null && profile.starts.paused(now)) {
            paused.add(new Paused(name, until, profile.starts.why()));
          }
        });
    return paused;
  }

  /** A profile that gets no new tasks until then. */
  public record Paused(String profile, Instant until, String why) {}

  /** As members of a JSON object. */
  public Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    profiles.forEach((name, profile) -> members.put(name, profile.members()));
    return Map.of("profiles", members);
  }

  /**
   * Out of what {@link #members} gave.
   *
   * @throws UnreadableJson if it is something else
   */
  public static Memory of(Fields fields) throws UnreadableJson {
    Memory memory = new Memory();
    Fields profiles = fields.object("profiles");
    for (String name : profiles.members().keySet()) {
      memory.profiles.put(name, ProfileMemory.of(profiles.object(name)));
    }
    return memory;
  }
}
