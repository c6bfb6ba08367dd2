package dev.sweeprunner.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of rooms: for each, the rooms that it may import. The root package is {@code ""}. */
final class Rooms {
  /** The package with the entry point. */
  static final String ROOT = "";

  /** The room that puts the others together. */
  static final String APP = "app";

  private static final String[] ADAPTER = {"run", "config", "layout", "files", "problem"};
  private static final String[] DRIVER = {"run", "run.judge", "run.work", "sweep", "config"};

  private final String root;
  private final Map<String, Set<String>> mayImport = new LinkedHashMap<>();

  /**
   * The rooms below one package.
   *
   * @param root for example {@code dev.sweeprunner}
   */
  Rooms(String root) {
    this.root = root;
    arrows("problem");
    arrows("json");
    arrows("process");
    arrows("files", "problem");
    arrows("python");
    arrows("sweep", "problem", "python");
    arrows("config", "sweep", "problem", "python");
    arrows("layout", "config");
    arrows("run", "config", "problem");
    arrows("run.judge", "run", "config", "problem");
    arrows("run.work", "run.judge", "run", "config", "problem");
    arrows("run.scale", "run.judge", "run", "config");
    arrows("run.audit", "run.judge", "run", "config");
    arrows("options", "run.work", "run.judge", "run", "problem");
    for (String room : new String[] {"claim", "checkpoint", "journal", "slurm", "host"}) {
      arrows(room, ADAPTER);
    }
    arrows(
        "wandb",
        ADAPTER,
        "wandb.telemetry",
        "wandb.registry",
        "wandb.check",
        "wandb.api",
        "wandb.settings");
    arrows("wandb.telemetry", ADAPTER, "wandb.registry", "wandb.api", "wandb.offline");
    arrows("wandb.registry", ADAPTER, "wandb.api");
    arrows("wandb.check", "run", "problem", "wandb.api");
    arrows("wandb.settings", "files", "problem");
    arrows("wandb.api", "wandb.settings", "problem");
    arrows("wandb.offline", "files");
    arrows(
        "train",
        plus(ADAPTER, "train.checkpoint", "train.model", "train.data", "train.kernels"),
        "train.cpu",
        "train.cuda");
    arrows("train.checkpoint", ADAPTER);
    arrows(
        "program",
        plus(ADAPTER, "program.launch", "program.guard", "program.evidence", "program.state"),
        "json");
    wider("program", "sweep", "it runs what the sweep file names");
    arrows("program.launch", "run", "config", "files", "problem", "json", "python");
    arrows("program.guard", "run", "files", "problem");
    arrows("program.evidence", "run", "files", "problem", "json");
    arrows("program.state", "run", "config", "layout", "files", "problem", "json", "process");
    arrows("relay", plus(ADAPTER, "relay.rows", "relay.files"), "json");
    arrows("relay.rows", ADAPTER, "json");
    arrows("relay.files", ADAPTER, "json");
    arrows("train.kernels", "config");
    arrows("train.model", "train.kernels", "config");
    arrows("train.cpu", "train.kernels", "config");
    arrows("train.cuda", "train.kernels", "config");
    arrows("train.data", "problem");
    for (String room : new String[] {"batch", "web", "cli"}) {
      arrows(room, DRIVER);
    }
    arrows("cli.status", "cli", DRIVER);
    arrows(
        "cli.results", "cli", "cli.status", "options", "run.judge", "sweep", "config", "problem");
    arrows("cli.shell", "cli", "options", "problem", "run.judge");
    arrows("page", "cli", "cli.status", "run", "run.judge", "sweep", "config", "files", "problem");
    wider("cli", "problem", "it throws and prints UserError, as every room may");
    wider("cli.status", "problem", "it throws UserError, and quotes words of a command");
    wider("cli", "run.scale", "scale prints the plan");
    wider("cli", "run.audit", "audit prints what is wrong");
    wider("cli", "options", "the help page is their table");
    wider("cli", "json", "rows prints a point's overrides as JSON");
    wider("cli.status", "options", "it is asked for a format");
    wider("batch", "problem", "as cli");
    wider("web", "problem", "as cli");
    wider("train.cpu", "problem", "why a task failed, in words");
    wider("train.cuda", "problem", "as train.cpu, of its library");
    wider("train.data", "config", "it reads the data section of a run's config");
    wider("train.data", "run", "it throws TrainingFailure for a damaged shard");
    wider("train.data", "train.kernels", "it draws with the one counter-based generator");
    wider("train.checkpoint", "train.model", "it names tensors as the model lays them out");
    for (String room :
        new String[] {
          "claim",
          "journal",
          "checkpoint",
          "host",
          "slurm",
          "train.checkpoint",
          "wandb.telemetry",
          "wandb.registry",
          "wandb.check",
          "wandb.api",
          "wandb.offline"
        }) {
      wider(room, "json", "its files are JSON; the leaf spares status the start of data binding");
    }
    wider("files", "json", "the answers that processes of a host share are JSON");
    wider("run.scale", "json", "its memory has one form, which the file and the simulator share");
    wider("run", "json", "the one form of an owner in files, which three rooms write and read");
    wider("host", "process", "it asks git");
    wider("slurm", "process", "it asks squeue and scontrol");
    wider("wandb", "sweep", "a sweep file may name project and entity");
    wider("wandb.settings", "json", "WANDB_X_EXTRA_HTTP_HEADERS is a JSON object");
    Set<String> all = new LinkedHashSet<>(mayImport.keySet());
    mayImport.put(APP, all);
    mayImport.put(ROOT, Set.of(APP, "cli", "host", "problem", "run.judge"));
  }

  /** Name of the package that holds the rooms. */
  String root() {
    return root;
  }

  /** The room of a class, {@code null} outside the tree or in a package that is no room. */
  @Nullable String of(JavaClass type) {
    String name = type.getPackageName();
    if (name.equals(root)) {
      return ROOT;
    }
    if (!name.startsWith(root + ".")) {
      return null;
    }
    String room = name.substring(root.length() + 1);
    return mayImport.containsKey(room) ? room : null;
  }

  /** Name of the top-level class around a class, from the root on: {@code run.Judge}. */
  String nameOf(JavaClass type) {
    String name = type.getName().substring(root.length() + 1);
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** Whether a class lies in this tree at all. */
  boolean holds(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** Whether the table has an arrow between two rooms. */
  boolean mayImport(String from, String to) {
    return from.equals(to) || mayImport.getOrDefault(from, Set.of()).contains(to);
  }

  /** Classes that lie in none of these rooms. */
  DescribedPredicate<JavaClass> outside(String... rooms) {
    Set<String> places = Set.of(rooms);
    return DescribedPredicate.describe(
        "lie outside " + Arrays.toString(rooms),
        type -> {
          String room = of(type);
          return room == null || !places.contains(room);
        });
  }

  /** Classes that lie in one of these rooms. */
  DescribedPredicate<JavaClass> inside(String... rooms) {
    return DescribedPredicate.not(outside(rooms)).as("lie in " + Arrays.toString(rooms));
  }

  private void arrows(String room, String... targets) {
    mayImport.put(room, Set.of(targets));
  }

  private void arrows(String room, String target, String[] more) {
    mayImport.put(room, Set.of(plus(more, target)));
  }

  private void arrows(String room, String[] targets, String... more) {
    mayImport.put(room, Set.of(plus(targets, more)));
  }

  /** An arrow beyond the design's table, with its reason. */
  private void wider(String room, String target, String reason) {
    if (reason.isEmpty()) {
      throw new IllegalArgumentException("An arrow from " + room + " needs a reason");
    }
    Set<String> targets = new LinkedHashSet<>(mayImport.getOrDefault(room, Set.of()));
    targets.add(target);
    mayImport.put(room, targets);
  }

  private static String[] plus(String[] first, String... second) {
    String[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
