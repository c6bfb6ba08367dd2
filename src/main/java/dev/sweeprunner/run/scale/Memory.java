package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Instant;
import java.util.LinkedHashMap;
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
