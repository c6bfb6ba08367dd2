package dev.sweeprunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule refuses an example that breaks it, and lets the same thing be in its right place. */
class RulesCanFailTests {
  private static final Rooms ROOMS = new Rooms("broken");
  private static final Map<String, String> SOURCES = new LinkedHashMap<>();
  private static final Map<String, Set<String>> CULPRITS = new LinkedHashMap<>();

  private static final String UUID = "java.util.UUID.randomUUID();";

  @TempDir static Path folder;

  private static JavaClasses classes;

  static {
    breaks("arrows", "broken.claim.Curious", "broken.journal.Known known;");
    breaks("arrows", "broken.train.model.Curious", "broken.run.Known known;");
    breaks("arrows", "broken.run.Curious", "broken.Known known;");
    breaks("known rooms", "broken.attic.Thing", "");
    breaks("no cycles", "broken.layout.Ring", "broken.config.Ring next;");
    breaks("no cycles", "broken.config.Ring", "broken.layout.Ring next;");
    breaks("core without frameworks", "broken.files.Logs", "org.slf4j.Logger log;");
    breaks(
        "Spring in its places", "broken.host.Bean", "org.springframework.core.env.Environment e;");
    breaks(
        "Spring Batch in batch", "broken.cli.Job", "org.springframework.batch.core.job.Job job;");
    breaks("Spring Shell in cli.shell", "broken.web.Shell", "org.jline.reader.LineReader reader;");
    breaks("web in web", "broken.cli.Meter", "io.micrometer.core.instrument.Meter meter;");
    breaks(
        "servers in web, relay and page",
        "broken.cli.Server",
        "org.apache.catalina.startup.Tomcat server;");
    breaks(
        "servlets in web, relay and page",
        "broken.cli.Servlets",
        "jakarta.servlet.Servlet servlet;");
    breaks("HTTP client in wandb.api", "broken.slurm.Http", "java.net.http.HttpClient client;");
    breaks("SQL in batch and app", "broken.journal.Sql", "java.sql.Connection connection;");
    breaks("JCuda in train.cuda", "broken.train.cpu.Gpu", "jcuda.Pointer pointer;");
    breaks(
        "incubator modules in train.cpu", "broken.train.cuda.Simd", "jdk.incubator.vector.Vec v;");
    breaks("signals in host", "broken.batch.Trap", "sun.misc.Signal signal;");
    culprit("the root is a door", "broken.Known");
    for (char name = 'A'; name <= 'P'; name++) {
      breaks("app stays small", "broken.app." + name, "");
    }
    calls("file changes in files", "Moves", "java.nio.file.Files.move(null, null);");
    calls("file changes in files", "Opens", "Object o = java.nio.file.StandardOpenOption.WRITE;");
    calls("file changes in files", "Raw", "new java.io.RandomAccessFile(\"a\", \"r\");");
    calls("file changes in files", "Prints", "new java.io.PrintWriter(\"a\");");
    calls("file changes in files", "Refers", "F f = java.nio.file.Files::delete;");
    calls(
        "processes in process, program.guard and host",
        "Starts",
        "new ProcessBuilder(\"true\").start();");
    calls("clock in host and app", "Nanos", "System.nanoTime();");
    calls("clock in host and app", "Now", "java.time.Instant.now();");
    calls(
        "clock in host and app",
        "Supplies",
        "java.util.function.LongSupplier s = System::nanoTime;");
    source("broken.run.Clock", "package broken.run; public interface Clock { Object now(); }");
    calls("wall clock for show", "Asks", "((broken.run.Clock) null).now();");
    calls("wall clock for show", "Hands", "broken.run.Clock c = () -> 1; S s = c::now;");
    calls("wall clock for show", "Ages", "java.time.Duration.between(null, null);");
    calls("wall clock for show", "Orders", "java.time.Instant.EPOCH.isBefore(null);");
    source("broken.run.S", "package broken.run; interface S { Object get(); }");
    calls("sleep in host and app", "Sleeps", "Thread.sleep(1);");
    calls("environment in host and app", "Env", "System.getenv(\"A\");");
    calls("chance in host and app", "Dice", "new java.util.Random();");
    calls("UUIDs in their places", "Token", UUID);
    calls("terminal in cli and app", "Shouts", "System.out.println();");
    calls("terminal in cli and app", "Traces", "new Exception().printStackTrace();");
    calls("halt in host", "Halts", "Runtime.getRuntime().halt(1);");
    calls("no generic exceptions", "Throws", "throw new RuntimeException();");
    breaks(
        "no java.util.logging",
        "broken.slurm.Old",
        "java.util.logging.Logger log = java.util.logging.Logger.getLogger(\"\");");
    breaks("null-marked packages", "broken.problem.Bare", "");
    breaks("final fields in the core", "broken.sweep.Changes", "int count;");
    breaks("no static state", "broken.slurm.Global", "static int count;");
    breaks(
        "no static state",
        "broken.slurm.Cache",
        "static final java.util.concurrent.atomic.AtomicInteger N = null;");
    breaks(
        "no static state",
        "broken.slurm.Hidden",
        "static final java.util.Map<String, String> M = new java.util.HashMap<>();");
    breaks(
        "no injection into fields",
        "broken.cli.Injected",
        "@org.springframework.beans.factory.annotation.Autowired String s;");
    breaks("test names", "broken.problem.Checks", "@org.junit.jupiter.api.Test void a() {}");
    breaks(
        "test names",
        "broken.problem.Cases",
        "@org.junit.jupiter.params.ParameterizedTest void a() {}");
    breaks("no mocks", "broken.problem.Mocked", "Object o = org.mockito.Mockito.mock();");
    source("broken.slurm.Idle", "package broken.slurm; public class Idle {}");
    culprit("public types are used elsewhere", "broken.slurm.Idle");
    source("jcuda.Pointer", "package jcuda; public class Pointer {}");
    source("jdk.incubator.vector.Vec", "package jdk.incubator.vector; public class Vec {}");
    source(
        "broken.run.F",
        "package broken.run; interface F { void a(java.nio.file.Path p) throws Exception; }");
    for (String room : List.of("broken", "broken.journal", "broken.run")) {
      source(room + ".Known", "package " + room + "; public class Known {}");
    }
  }

  @BeforeAll
  static void compile() throws IOException {
    classes = Examples.compile(SOURCES, folder);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_names_each_class_that_breaks_it(Rule rule) {
    List<String> complaints = rule.check().evaluate(classes).getFailureReport().getDetails();

    Set<String> culprits = CULPRITS.getOrDefault(rule.name(), Set.of());
    assertThat(culprits).isNotEmpty();
    for (String culprit : culprits) {
      assertThat(complaints).anyMatch(text -> text.contains(culprit));
    }
  }

  @Test
  void what_is_refused_elsewhere_is_fine_in_its_place(@TempDir Path other) throws IOException {
    Map<String, String> good = new LinkedHashMap<>();
    good.put("broken.host.Time", "package broken.host; class Time {long t = System.nanoTime();}");
    good.put("broken.train.cuda.Gpu", "package broken.train.cuda; class Gpu {jcuda.Pointer p;}");
    good.put(
        "broken.claim.ClaimSite",
        "package broken.claim; class ClaimSite {Object o ="
            + " java.time.Instant.EPOCH.toEpochMilli();}");
    good.put("broken.claim.Token", "package broken.claim; class Token {Object o = " + UUID + "}");
    good.put("broken.claim.Reads", "package broken.claim; class Reads {broken.run.Seen s;}");
    good.put("broken.run.Seen", "package broken.run; public class Seen {}");
    for (String room : List.of("host", "train.cuda", "claim", "run")) {
      String name = "broken." + room;
      good.put(name + ".package-info", "@" + NullMarked.class.getName() + " package " + name + ";");
    }
    good.put("jcuda.Pointer", "package jcuda; public class Pointer {}");
    good.put("jcuda.package-info", "@" + NullMarked.class.getName() + " package jcuda;");

    JavaClasses whole = Examples.compile(good, other);

    List<String> places =
        List.of(
            "arrows",
            "clock in host and app",
            "JCuda in train.cuda",
            "UUIDs in their places",
            "wall clock for show",
            "public types are used elsewhere",
            "null-marked packages");
    assertThat(rules().filter(rule -> places.contains(rule.name())))
        .hasSize(places.size())
        .noneMatch(rule -> rule.check().evaluate(whole).hasViolation());
  }

  @Test
  void every_example_belongs_to_a_rule() {
    Set<String> names = rules().map(Rule::name).collect(Collectors.toCollection(TreeSet::new));

    assertThat(CULPRITS.keySet()).containsExactlyInAnyOrderElementsOf(names);
  }

  static Stream<Rule> rules() {
    return Stream.of(
            new ArrowRules(ROOMS).all(),
            new PlaceRules(ROOMS).all(),
            new WallClockRules(ROOMS).all(),
            new ShapeRules(ROOMS).all(),
            new TestRules().all())
        .flatMap(List::stream);
  }

  private static void breaks(String rule, String name, String body) {
    source(name, type(name, body));
    culprit(rule, name);
  }

  private static void calls(String rule, String simpleName, String statement) {
    breaks(rule, "broken.run." + simpleName, "void act() throws Exception { " + statement + " }");
  }

  private static void source(String name, String text) {
    SOURCES.put(name, text);
  }

  private static void culprit(String rule, String name) {
    CULPRITS.computeIfAbsent(rule, key -> new TreeSet<>()).add(name);
  }

  private static String type(String name, String body) {
    int dot = name.lastIndexOf('.');
    String simpleName = name.substring(dot + 1);
    return "package " + name.substring(0, dot) + "; public class " + simpleName + " {" + body + "}";
  }
}
