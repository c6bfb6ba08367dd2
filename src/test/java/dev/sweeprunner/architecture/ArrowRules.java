package dev.sweeprunner.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.List;

/** Who may know whom: rooms among each other, and which libraries belong to which room. */
final class ArrowRules {
  private static final String[] CORE = {
    "problem", "files", "sweep", "config", "layout", "run", "run.judge", "run.work", "run.scale"
  };

  private static final String SERVED_BY_ACCIDENT =
      "workers that serve nothing must not load a server by accident";

  private final Rooms rooms;

  ArrowRules(Rooms rooms) {
    this.rooms = rooms;
  }

  List<Rule> all() {
    return List.of(
        new Rule("arrows", arrows()),
        new Rule("known rooms", knownRooms()),
        new Rule("no cycles", noCycles()),
        new Rule("core without frameworks", coreWithoutFrameworks()),
        new Rule(
            "Spring in its places",
            only(
                new String[] {Rooms.APP, "batch", "web", "cli.shell", "wandb.api"},
                "the object graph is wired by hand; everything else is plain Java",
                "org.springframework..")),
        new Rule(
            "Spring Batch in batch",
            only(
                new String[] {"batch"},
                "if Spring Batch vanished, only this room would not compile",
                "org.springframework.batch..",
                "org.springframework.boot.batch..")),
        new Rule(
            "Spring Shell in cli.shell",
            only(
                new String[] {"cli.shell"},
                "commands are tested without a terminal",
                "org.springframework.shell..",
                "org.jline..",
                "org.fusesource.jansi..")),
        new Rule("web in web", web()),
        new Rule(
            "servers in web, relay and page",
            only(
                new String[] {"web", "relay", "page"},
                SERVED_BY_ACCIDENT,
                "org.apache.catalina..",
                "org.apache.coyote..",
                "org.apache.tomcat..")),
        new Rule(
            "servlets in web, relay and page",
            only(
                new String[] {"web", "relay", "page", Rooms.APP},
                "whoever answers a request knows HTTP; app hands the page to web",
                "jakarta.servlet..")),
        new Rule(
            "HTTP client in wandb.api",
            only(
                new String[] {"wandb.api"},
                "nothing else of this program talks to a network",
                "java.net.http..",
                "org.springframework.web.client..",
                "org.springframework.retry..")),
        new Rule(
            "SQL in batch and app",
            only(
                new String[] {"batch", Rooms.APP},
                "the job repository is the only database and never the truth",
                "java.sql..",
                "javax.sql..",
                "org.h2..")),
        new Rule(
            "JCuda in train.cuda",
            only(new String[] {"train.cuda"}, "a node without a GPU never loads it", "jcuda..")),
        new Rule(
            "incubator modules in train.cpu",
            only(
                new String[] {"train.cpu"},
                "they may be missing, and only what is not loaded then can name them",
                "jdk.incubator..")),
        new Rule(
            "signals in host",
            only(
                new String[] {"host"},
                "signals are handled from the first statement of main",
                "sun.misc..")));
  }

  private com.tngtech.archunit.lang.ArchRule arrows() {
    return classes()
        .should(
            new ArchCondition<>("import only what stands behind their room's arrow") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(d -> checkArrow(d, events));
              }
            })
        .because("rooms that know little can be read, tested and replaced alone");
  }

  private void checkArrow(Dependency dependency, ConditionEvents events) {
    String from = rooms.of(dependency.getOriginClass());
    JavaClass target = dependency.getTargetClass();
    if (from == null || !rooms.holds(target)) {
      return;
    }
    String to = rooms.of(target);
    if (to == null || !rooms.mayImport(from, to)) {
      String text = "no arrow from '" + from + "' to '" + to + "': " + dependency.getDescription();
      events.add(violated(dependency.getOriginClass(), text));
    }
  }

  private com.tngtech.archunit.lang.ArchRule knownRooms() {
    return classes()
        .should(
            new ArchCondition<>("lie in a room of the table") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (rooms.of(type) == null) {
                  events.add(violated(type, type.getName() + " lies in no room of the table"));
                }
              }
            })
        .because("a new room is a decision: it enters the table with its arrows");
  }

  private com.tngtech.archunit.lang.ArchRule noCycles() {
    return slices()
        .matching(rooms.root() + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a knot of packages can only be understood as a whole");
  }

  private com.tngtech.archunit.lang.ArchRule coreWithoutFrameworks() {
    return noClasses()
        .that(rooms.inside(CORE))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "jakarta..",
            "io.micrometer..",
            "org.slf4j..",
            "ch.qos.logback..",
            "org.apache.commons.logging..",
            "org.apache.logging..",
            "java.util.logging..")
        .because("the core hands out values and is the same under any framework")
        .allowEmptyShould(true);
  }

  private com.tngtech.archunit.lang.ArchRule web() {
    return only(
        new String[] {"web"},
        SERVED_BY_ACCIDENT,
        "org.springframework.web.servlet..",
        "org.springframework.web.bind..",
        "org.springframework.boot.actuate..",
        "org.springframework.boot.health..",
        "org.springframework.boot.micrometer..",
        "org.springframework.boot.tomcat..",
        "org.springframework.boot.web..",
        "org.springframework.boot.webmvc..",
        "io.micrometer..");
  }

  private com.tngtech.archunit.lang.ArchRule only(
      String[] places, String because, String... packages) {
    return noClasses()
        .that(rooms.outside(places))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because(because);
  }
}
