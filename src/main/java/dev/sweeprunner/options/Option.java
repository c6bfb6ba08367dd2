package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.run.judge.Policy;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options that have a name of their own, in the order of the help page; everything else is a
 * property. The one table of them: the parser, its hints, the page and {@link Invocation} follow.
 */
public enum Option {
  SWEEP(
      " PATH, --sweeps-from FILE",
      OptionValue.GIVEN,
      "",
      "the YAML, several times, or a file that names them"),
  SWEEPS_FROM(" FILE", OptionValue.GIVEN, "", ""),
  STORAGE(
      " DIR, --cluster NAME",
      OptionValue.GIVEN,
      "storage-root",
      "folder of out/ (or $TC_STORAGE_ROOT); whoever shares it"),
  CLUSTER(" NAME", OptionValue.GIVEN, "cluster", ""),
  WORKER(
      " NAME",
      OptionValue.GIVEN,
      "worker",
      "default: cluster and array task in Slurm, else HOST-K"),

  DEVICE(" D", OptionValue.DEVICE, "device", "auto, cpu, cuda or cuda:N (default auto)"),
  TRAINER(
      " T, --runs N, --numbers",
      OptionValue.oneOf("auto", "builtin", "program"),
      "trainer",
      "auto, builtin, program; its points; 1e-4 is a number"),
  CWD(
      " DIR, --cwd-per-run",
      OptionValue.GIVEN,
      "program.cwd",
      "the program's working directory, or one per run"),
  CWD_PER_RUN(""),
  RUNS(" N", OptionValue.number(1, Integer.MAX_VALUE), "", ""),
  NUMBERS(""),
  MAX_RUNS(
      " N, --exit-when-idle[=TIME]",
      OptionValue.number(1, Integer.MAX_VALUE),
      "",
      "leave after N runs; when idle (for so long)"),
  EXIT_WHEN_IDLE("[=TIME]", OptionValue.TIME, "", ""),
  TABLE(
      ", --allow-behind",
      OptionValue.NONE,
      "",
      "end with the table of over 40 points too; git may be behind"),
  ALLOW_BEHIND(""),
  AFRESH(
      ", --no-adopt",
      OptionValue.NONE,
      "",
      "others' partial runs from scratch; none that only W&B knows"),
  NO_ADOPT(""),
  PORT(
      " N, --no-web",
      OptionValue.number(0, 65_535),
      "web.port",
      "port of page and health on 127.0.0.1 (default: a free one)"),
  NO_WEB(""),
  DEBUG("stack traces"),

  WANDB(
      " MODE, --relay R",
      OptionValue.oneOf("online", "offline", "disabled"),
      "wandb.mode",
      "online, offline or disabled; R off: programs go to W&B"),
  RELAY(" R", OptionValue.oneOf("auto", "off"), "program.relay", ""),
  WANDB_BUFFER("nothing of a run leaves before its checkpoint is published"),
  WANDB_DOWN(
      " WHAT, --refresh",
      OptionValue.oneOf(Policy.Down.values()),
      "wandb.down",
      "closed, home or open while W&B is silent; ask it now"),
  ENTITY(" NAME", OptionValue.GIVEN, "wandb.entity", "over the sweep file's"),
  REFRESH(""),

  FORMAT(
      " F",
      OptionValue.oneOf(OutputFormat.values()),
      "",
      "table, json or csv; results: md too; rows: csv or jsonl"),
  STATE(
      " S, --filter KEY=V, --sort KEY, --group KEY",
      new StateWords(),
      "",
      "which points, their order, groups"),
  FILTER(" KEY=VALUE", OptionValue.PAIR, "", ""),
  SORT(" KEY", OptionValue.GIVEN, "", ""),
  GROUP(" KEY", OptionValue.GIVEN, "", ""),
  METRIC(
      " NAME, --over KEY, --all",
      OptionValue.GIVEN,
      "",
      "results: columns, averaged over what, each point"),
  OVER(" KEY", OptionValue.GIVEN, "", ""),
  COLOR(
      " WHEN, --all",
      OptionValue.oneOf("auto", "always", "never"),
      "",
      "auto, always or never; each point, workers long gone too"),
  ALL(""),
  WATCH("[=SECONDS]", OptionValue.SECONDS, "", "again and again (default every 5); scale too (60)"),
  EXPORT(
      " FILE, --address A, --token-file F",
      OptionValue.GIVEN,
      "",
      "serve: one file; for others, with a token"),
  ADDRESS(" A", OptionValue.GIVEN, "", ""),
  TOKEN_FILE(" F", OptionValue.GIVEN, "", ""),

  // The page tells these with the commands.
  STATUS(""),
  SUBMIT("do it; without it scale only prints"),
  ONCE("do it and print only what is new: for cron"),
  PROFILES(
      " FILE", OptionValue.GIVEN, "", "the kinds of tasks; default scale.yml, where there is one"),
  PARTITION(" P", OptionValue.WORD, "", "one kind of task by options: where it is submitted to"),
  GPUS(" G", OptionValue.WORD, "", "of one task: a number, or type and number as a100:1"),
  LIMIT(" N", OptionValue.number(1, 999_999_999), "", "most tasks at a time (default 8)"),
  SBATCH(" FLAGS", OptionValue.FLAGS, "", "further flags of sbatch, as one word"),
  QUICK("compare sizes; read no rows and no weights"),
  TO(" PATH", OptionValue.GIVEN, "", "what is made: the folder of prepare, the file of export"),
  VAL(" SHARE", OptionValue.SHARE, "", "of each text's end, for validation (default 0.1; 0: none)"),
  VOCAB(" V", OptionValue.VOCABULARY, "", "what a token is: bytes alone, 256 of them"),
  FROM(" FILE", OptionValue.GIVEN, "", "safetensors with nanoGPT's names"),
  MOMENTS(" FILE", OptionValue.GIVEN, "", "AdamW's moments: exp_avg.NAME and exp_avg_sq.NAME"),
  ITER(
      " N",
      OptionValue.number(0, Integer.MAX_VALUE),
      "",
      "updates that they have had (default: what the file says)"),
  HELP(""),
  VERSION("");

  private final String argument;
  private final OptionValue value;
  private final String property;
  private final String help;

  /** An option without a value. */
  Option(String help) {
    this("", OptionValue.NONE, "", help);
  }

  Option(String argument, OptionValue value, String property, String help) {
    this.argument = argument;
    this.value = value;
    this.property = property;
    this.help = help;
  }

  /** As the user writes it, without the dashes. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As the user writes it. */
  public String dashed() {
    return "--" + word();
  }

  /** As the help page writes it, with what follows it. */
  public String usage() {
    return dashed() + argument;
  }

  /** What the help page says of it; empty where it does so elsewhere. */
  public String help() {
    return help;
  }

  /** The property that this option sets, without the prefix; empty where it sets none. */
  String property() {
    return property;
  }

  /** Whether its value may begin with dashes, for it is options of another program. */
  boolean takesOptions() {
    return this == SBATCH;
  }

  /** Whether it stands alone, without a value. */
  boolean isFlag() {
    return value == OptionValue.NONE;
  }

  /** Whether the next word is its value; of others it follows an equals sign. */
  boolean takesNext() {
    return argument.startsWith(" ");
  }

  /** The words that its value is one of; empty where there are too many. */
  List<String> choices() {
    return value.choices();
  }

  /** Refuses a value that is none for this option, which the user wrote {@code as}. */
  void check(String as, String given) {
    value.check(as, given);
  }

  /**
   * The commands that take it: those of a worker are taken by all, so that every command can be
   * appended to the line that starts one.
   */
  Set<Command> commands() {
    return switch (this) {
      case FORMAT ->
          EnumSet.of(
              Command.STATUS,
              Command.WORKERS,
              Command.AUDIT,
              Command.PLAN,
              Command.ROWS,
              Command.RESULTS,
              Command.SCALE);
      case STATE, FILTER, SORT, GROUP -> EnumSet.of(Command.STATUS);
      case METRIC, OVER -> EnumSet.of(Command.RESULTS);
      case ALL -> EnumSet.of(Command.STATUS, Command.WORKERS, Command.RESULTS);
      case EXPORT, ADDRESS, TOKEN_FILE -> EnumSet.of(Command.SERVE);
      case QUICK -> EnumSet.of(Command.AUDIT);
      case TO -> EnumSet.of(Command.PREPARE, Command.EXPORT);
      case VAL, VOCAB -> EnumSet.of(Command.PREPARE);
      case MOMENTS -> EnumSet.of(Command.EXPORT, Command.IMPORT);
      case FROM, ITER -> EnumSet.of(Command.IMPORT);
      case WATCH -> EnumSet.of(Command.STATUS, Command.SCALE);
      case SUBMIT, ONCE, PROFILES, PARTITION, GPUS, LIMIT, SBATCH -> EnumSet.of(Command.SCALE);
      default -> EnumSet.range(Command.RUN, Command.VERSION);
    };
  }

  /** Whether it changes anything of what the command does or says; its page names it then. */
  public boolean concerns(Command command) {
    if (command == Command.WANDB_CHECK) {
      return this == ENTITY || this == DEBUG;
    }
    if (command == Command.PREPARE) {
      return commands().equals(EnumSet.of(Command.PREPARE)) || this == TO || this == DEBUG;
    }
    return switch (this) {
      case DEVICE, CWD, CWD_PER_RUN, TABLE, MAX_RUNS, EXIT_WHEN_IDLE, ALLOW_BEHIND, WANDB_BUFFER ->
          EnumSet.of(Command.RUN, Command.SCALE).contains(command);
      case PORT -> EnumSet.of(Command.RUN, Command.SERVE).contains(command);
      case NO_WEB -> command == Command.RUN;
      case COLOR ->
          EnumSet.of(Command.RUN, Command.STATUS, Command.WORKERS, Command.SHELL).contains(command);
      case WORKER -> EnumSet.of(Command.RUN, Command.PLAN, Command.RESET).contains(command);
      case STATUS, HELP, VERSION -> false;
      default -> commands().contains(command) && !command.tells();
    };
  }

  /** Whether a worker may need it too: {@code scale} hands it on, as it was written. */
  boolean forWorkers() {
    return switch (this) {
      case SWEEP, SWEEPS_FROM, FORMAT, WATCH, STATUS, QUICK, REFRESH, HELP, VERSION -> false;
      case STATE, FILTER, SORT, GROUP, METRIC, OVER, ALL, COLOR -> false;
      case EXPORT, ADDRESS, TOKEN_FILE -> false;
      case TO, VAL, VOCAB, FROM, MOMENTS, ITER -> false;
      case SUBMIT, ONCE, PROFILES, PARTITION, GPUS, LIMIT, SBATCH -> false;
      default -> true;
    };
  }

  /** Whether it may stand several times, each of its values counting. */
  boolean addsUp() {
    return this == STATE || this == FILTER || this == METRIC || this == OVER;
  }

  /**
   * A word of the command line, with a short form of an option written out: of two that share one,
   * that which the next word is a value of.
   */
  static String whole(String word, @Nullable String next) {
    return switch (word) {
      case "-h" -> HELP.dashed();
      case "-s" -> (next != null && StateWords.are(next) ? STATE : SWEEP).dashed();
      case "-f" -> (next != null && next.indexOf('=') > 0 ? FILTER : FORMAT).dashed();
      default -> word;
    };
  }

  /** The option of this name. */
  static Optional<Option> of(String word) {
    return Stream.of(values()).filter(option -> option.word().equals(word)).findFirst();
  }

  /** The option that sets this property. */
  static Optional<Option> setting(String property) {
    return Stream.of(values()).filter(option -> option.property.equals(property)).findFirst();
  }
}
