package dev.sweeprunner.options;

import dev.sweeprunner.run.ProgramRules;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties {@code program.*}, over which the file beside a sweep file may say something else
 * for that sweep alone.
 */
public final class ProgramOptions {
  private static final String GROUP = "program";
  private static final String ENVIRONMENT = "env.";
  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})\\s*(k|m|g)?b?");

  /** What does not concern evidence. */
  private static final Set<String> OWN =
      Set.of(
          "interpreter",
          "cwd",
          "cwd-per-run",
          "mode",
          "copy-limit",
          "relay",
          "stop-signal",
          "grace",
          "silence",
          "hang",
          "start",
          "sweep-id",
          "keep-slurm",
          "log-limit");

  private final Properties given;
  private final boolean cwdPerRun;
  private final boolean guard;

  ProgramOptions(Properties given, boolean cwdPerRun) {
    this.given = given;
    this.cwdPerRun = cwdPerRun;
    this.guard = given.flag("test.guard");
  }

  /**
   * The rules of one sweep.
   *
   * @param own what the file beside the sweep file says, by name, with the place of each
   * @throws dev.sweeprunner.problem.UserError for a name that there is not, or a value that is not
   *     what it should be
   */
  public ProgramRules rules(Map<String, Properties.Given> own) {
    Properties all = given.with(GROUP, own);
    return new ProgramRules(
        all.text("program.interpreter"),
        all.text("program.cwd"),
        cwdPerRun || all.flag("program.cwd-per-run"),
        ProgramRules.Folder.valueOf(
            all.word("program.mode", "auto", "shared", "copy").toUpperCase(Locale.ROOT)),
        bytes(all, "program.copy-limit"),
        relay(all),
        all.text("program.stop-signal").toUpperCase(Locale.ROOT).replaceFirst("^SIG", ""),
        all.duration("program.grace"),
        all.duration("program.silence"),
        perhaps(all, "program.hang"),
        all.duration("program.start"),
        all.text("program.sweep-id"),
        all.flag("program.keep-slurm"),
        bytes(all, "program.log-limit"),
        environment(all),
        evidence(all),
        guard);
  }

  /** To YAML, a bare {@code off} is no word but a truth. */
  private static boolean relay(Properties all) {
    return !all.text("program.relay").equals("false")
        && all.word("program.relay", "auto", "off").equals("auto");
  }

  private static Duration perhaps(Properties all, String name) {
    return all.text(name).matches("0(ms|s|m|h|d)?") ? Duration.ZERO : all.duration(name);
  }

  private static long bytes(Properties all, String name) {
    Matcher matcher = BYTES.matcher(all.text(name).strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw all.bad(name, "a size such as 500kB, 16MB or 1GB");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    return Long.parseLong(matcher.group(1))
        << 10 * ("kmg".indexOf(unit) + (unit.isEmpty() ? 0 : 1));
  }

  private static Map<String, String> environment(Properties all) {
    Map<String, String> variables = new TreeMap<>();
    all.below(GROUP)
        .forEach(
            (name, value) -> {
              if (name.startsWith(ENVIRONMENT)) {
                variables.put(name.substring(ENVIRONMENT.length()), value);
              }
            });
    return variables;
  }

  private static Map<String, String> evidence(Properties all) {
    Map<String, String> evidence = new TreeMap<>(all.below(GROUP));
    evidence.values().removeIf(String::isEmpty);
    evidence.keySet().removeIf(name -> OWN.contains(name) || name.startsWith(ENVIRONMENT));
    return evidence;
  }
}
