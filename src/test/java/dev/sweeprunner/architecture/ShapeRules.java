package dev.sweeprunner.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** How types look: null marks, final fields, no injection into fields, nothing public in vain. */
final class ShapeRules {
  /** Classes of the core that change, by top-level name, each with its reason. */
  static final Map<String, String> CHANGING =
      Map.ofEntries(
          Map.entry("run.work.Attempt", "one claim's life, in one thread"),
          Map.entry("run.work.CheckpointSchedule", "when the last publish was, in one thread"),
          Map.entry("run.work.Commit", "the tip of one claim's lineage, in one thread"),
          Map.entry("run.work.CheckpointWriter", "the checkpoint being written, in one thread"),
          Map.entry("run.work.Claimer", "what this node misses, in the worker's thread"),
          Map.entry("run.work.Meter", "what this process has counted, under its lock"),
          Map.entry("run.work.NodeHealth", "counts failures in a row, in the worker's thread"),
          Map.entry("run.work.Pass", "a position in a grid, in the worker's thread"),
          Map.entry("run.work.SweepProgress", "what ended since it was told, in one thread"),
          Map.entry("run.scale.Known", "what one look remembers of a task"),
          Map.entry("run.scale.ProfileMemory", "what one look remembers of a profile"),
          Map.entry("run.scale.Starts", "counts of one profile, in one look"),
          Map.entry("run.scale.Ceiling", "a limit of one profile, in one look"),
          Map.entry("run.scale.Census", "counts of one look"),
          Map.entry("run.scale.Needed", "what is left to hand out in one plan"),
          Map.entry("run.scale.Forecast", "a plan's imagined workers"),
          Map.entry("run.scale.Settlement", "the newest end of one look"),
          Map.entry("run.scale.Act", "what became of one plan's steps"),
          Map.entry("run.work.Worker", "since when it has been idle, in one thread"),
          Map.entry("run.TimeBudget", "what things took here, volatile"),
          Map.entry("run.work.Rate", "a sliding average of one run"),
          Map.entry("run.work.ConsoleLog", "when its last row was written, in one thread"),
          Map.entry("run.work.Reporter", "what the worker last said of itself"),
          Map.entry("sweep.Editions", "the newest edition of edited files, in one thread"),
          Map.entry("sweep.SweepSources", "what the files held at the last look, in one thread"));

  /** Public types that nobody imports, each with its reason. */
  private static final Map<String, String> ENTRY_POINTS =
      Map.of("SweepRunner", "the class that java starts");

  private static final int MOST_IN_APP = 15;

  private static final Set<String> MUTABLE_TYPES =
      Set.of(
          "java.util.ArrayList",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.LinkedHashMap",
          "java.util.TreeMap",
          "java.util.Random",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentMap",
          "java.lang.StringBuilder",
          "java.lang.ThreadLocal");

  private final Rooms rooms;

  ShapeRules(Rooms rooms) {
    this.rooms = rooms;
  }

  List<Rule> all() {
    return List.of(
        new Rule("null-marked packages", nullMarked()),
        new Rule("final fields in the core", finalFields()),
        new Rule("no static state", noStaticState()),
        new Rule("no injection into fields", noInjection()),
        new Rule("the root is a door", rootIsADoor()),
        new Rule("app stays small", appStaysSmall()),
        new Rule("public types are used elsewhere", publicTypesAreUsed()));
  }

  private ArchRule rootIsADoor() {
    return classes()
        .that(rooms.inside(Rooms.ROOT))
        .should()
        .haveSimpleName("SweepRunner")
        .orShould()
        .haveSimpleName("package-info")
        .because("who lists the root sees the rooms, not their contents")
        .allowEmptyShould(true);
  }

  private ArchRule appStaysSmall() {
    return classes()
        .that(rooms.inside(Rooms.APP))
        .should(
            condition(
                "be at most " + MOST_IN_APP + " beside one another",
                (type, events) -> {
                  long count =
                      type.getPackage().getClasses().stream()
                          .filter(JavaClass::isTopLevelClass)
                          .filter(each -> !each.getSimpleName().equals("package-info"))
                          .count();
                  if (count > MOST_IN_APP) {
                    events.add(violated(type, type.getName() + " is one of " + count + " types"));
                  }
                }))
        .because("whatever can be a room of its own is no wiring")
        .allowEmptyShould(true);
  }

  private ArchRule nullMarked() {
    return classes()
        .should(
            condition(
                "lie in a package with a @NullMarked package-info",
                (type, events) -> {
                  if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(violated(type, type.getName() + " lies in no @NullMarked package"));
                  }
                }))
        .because("null is an error unless it is written down");
  }

  private ArchRule finalFields() {
    return classes()
        .that(
            rooms.inside(
                "run", "run.judge", "run.work", "run.scale", "run.audit", "sweep", "config"))
        .should(
            condition(
                "have only final fields",
                (type, events) -> {
                  if (!CHANGING.containsKey(rooms.nameOf(type))) {
                    type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                        .map(field -> violated(field, field.getFullName() + " is not final"))
                        .forEach(events::add);
                  }
                }))
        .because("a judgement over facts that change is not a judgement")
        .allowEmptyShould(true);
  }

  /** Whether a class has a field that may change. */
  static boolean changes(JavaClass type) {
    return type.getFields().stream()
        .anyMatch(field -> !field.getModifiers().contains(JavaModifier.FINAL));
  }

  private static ArchRule noStaticState() {
    return classes()
        .should(
            condition(
                "have no static state",
                (type, events) -> {
                  for (JavaField field : type.getFields()) {
                    if (isStaticState(field)) {
                      events.add(violated(field, field.getFullName() + " is static state"));
                    }
                  }
                  for (JavaConstructorCall call : type.getConstructorCallsFromSelf()) {
                    if (isStaticState(call)) {
                      events.add(violated(call, call.getDescription() + " makes static state"));
                    }
                  }
                }))
        .because("two workers in one test must not meet");
  }

  private static boolean isStaticState(JavaField field) {
    Set<JavaModifier> modifiers = field.getModifiers();
    if (!modifiers.contains(JavaModifier.STATIC) || modifiers.contains(JavaModifier.SYNTHETIC)) {
      return false;
    }
    String type = field.getRawType().getName();
    return !modifiers.contains(JavaModifier.FINAL)
        || MUTABLE_TYPES.contains(type)
        || type.startsWith("java.util.concurrent.atomic.");
  }

  /** A collection that a static initialiser makes is kept, whatever its field calls it. */
  private static boolean isStaticState(JavaConstructorCall call) {
    return call.getOrigin().getName().equals("<clinit>")
        && MUTABLE_TYPES.contains(call.getTargetOwner().getName());
  }

  private static ArchRule noInjection() {
    return noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "inject into fields",
                (JavaClass type) ->
                    Set.of(
                            "org.springframework.beans.factory.annotation.Autowired",
                            "org.springframework.beans.factory.annotation.Value",
                            "jakarta.inject.Inject",
                            "jakarta.annotation.Resource")
                        .contains(type.getName())))
        .because("what an object needs stands in its constructor");
  }

  private static ArchRule publicTypesAreUsed() {
    return classes()
        .should(
            condition(
                "be public only where another package uses them",
                (type, events) -> {
                  if (isPublicTopLevel(type) && !usedElsewhere(type)) {
                    events.add(
                        violated(
                            type, type.getName() + " is public, but no other package uses it"));
                  }
                }))
        .because("what is public is a promise");
  }

  private static boolean isPublicTopLevel(JavaClass type) {
    return type.isTopLevelClass()
        && type.getModifiers().contains(JavaModifier.PUBLIC)
        && !ENTRY_POINTS.containsKey(type.getSimpleName());
  }

  private static boolean usedElsewhere(JavaClass type) {
    return type.getDirectDependenciesToSelf().stream()
        .anyMatch(d -> !d.getOriginClass().getPackageName().equals(type.getPackageName()));
  }

  private static ArchCondition<JavaClass> condition(String text, Check check) {
    return new ArchCondition<>(text) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.check(type, events);
      }
    };
  }

  /** The body of a condition. */
  private interface Check {
    void check(JavaClass type, ConditionEvents events);
  }
}
