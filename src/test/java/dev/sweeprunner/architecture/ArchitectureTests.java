package dev.sweeprunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shape of the program holds. */
class ArchitectureTests {
  private static final String ROOT = "dev.sweeprunner";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages(ROOT);

  @ParameterizedTest
  @MethodSource("mainRules")
  void main_code_keeps_its_rule(Rule rule) {
    rule.check().check(MAIN);
  }

  @ParameterizedTest
  @MethodSource("testRules")
  void test_code_keeps_its_rule(Rule rule) {
    rule.check().check(TESTS);
  }

  @Test
  void the_list_of_changing_classes_names_only_such() {
    Rooms rooms = new Rooms(ROOT);
    Set<String> changing =
        MAIN.stream().filter(ShapeRules::changes).map(rooms::nameOf).collect(Collectors.toSet());

    assertThat(changing).containsAll(ShapeRules.CHANGING.keySet());
  }

  @Test
  void the_list_of_those_who_may_read_wall_times_names_only_such() {
    Rooms rooms = new Rooms(ROOT);
    WallClockRules rules = new WallClockRules(rooms);
    Set<String> reading =
        MAIN.stream().filter(rules::uses).map(rooms::nameOf).collect(Collectors.toSet());

    assertThat(reading).containsAll(WallClockRules.allowed());
  }

  static Stream<Rule> mainRules() {
    Rooms rooms = new Rooms(ROOT);
    return Stream.of(
            new ArrowRules(rooms).all(),
            new PlaceRules(rooms).all(),
            new WallClockRules(rooms).all(),
            new ShapeRules(rooms).all())
        .flatMap(List::stream);
  }

  static Stream<Rule> testRules() {
    return new TestRules().all().stream();
  }
}
