package dev.sweeprunner.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.List;

/** What holds for test code. */
final class TestRules {
  private static final String TESTABLE = "org.junit.platform.commons.annotation.Testable";

  List<Rule> all() {
    return List.of(new Rule("test names", testNames()), new Rule("no mocks", noMocks()));
  }

  private static ArchRule testNames() {
    return classes()
        .should(
            new ArchCondition<>("end in Tests or IT where they hold tests") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (holdsTests(type) && !wellNamed(outermost(type))) {
                  events.add(violated(type, type.getName() + " holds tests that nobody runs"));
                }
              }
            })
        .because(
            "only *Tests and *IT are run (an abstract *Contract by the classes that extend it)");
  }

  private static boolean holdsTests(JavaClass type) {
    return type.getMethods().stream().anyMatch(m -> m.isMetaAnnotatedWith(TESTABLE));
  }

  private static boolean wellNamed(JavaClass type) {
    String name = type.getSimpleName();
    boolean contract =
        name.endsWith("Contract") && type.getModifiers().contains(JavaModifier.ABSTRACT);
    return contract || name.endsWith("Tests") || name.endsWith("IT");
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  private static ArchRule noMocks() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.mockito..", "org.springframework.test.context.bean.override..")
        .because("a hand-written fake says what the world does; a mock repeats the code");
  }
}
