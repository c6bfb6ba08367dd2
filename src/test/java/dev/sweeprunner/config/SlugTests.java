package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugTests {
  @ParameterizedTest
  @CsvSource({
    "translation-compression, translation-compression",
    "'  a b  ', a-b",
    "a  /\t b, a-b",
    "A_b.c-9, A_b.c-9",
    "'..a..', a",
    "'-_.x._-', x",
    "'é tude', tude",
    "'a\uD83D\uDE80\uD83D\uDE80b', a-b",
    "'\u00A0x\u3000', x",
    "'???', ''",
    "'', ''"
  })
  void a_text_becomes_a_folder_name(String text, String expected) {
    assertThat(Slug.of(text)).isEqualTo(expected);
  }

  @Test
  void a_long_text_is_cut_to_eighty_before_its_ends_are_stripped() {
    assertThat(Slug.of("a".repeat(79) + " b")).isEqualTo("a".repeat(79));
    assertThat(Slug.of("-" + "a".repeat(100))).isEqualTo("a".repeat(79));
    assertThat(Slug.of("a".repeat(81))).hasSize(80);
  }

  @ParameterizedTest
  @CsvSource({
    "translation-compression, translation-compression",
    "'My Project!', My-Project",
    "'a/b', a-b",
    "'\u00A0x\u3000', x",
    "'é tude', tude-[0-9a-f]{8}",
    "実験A, A-[0-9a-f]{8}",
    "实验, '[0-9a-f]{8}'",
    "'???', '[0-9a-f]{8}'"
  })
  void a_folder_keeps_plain_names_and_marks_the_others(String text, String expected) {
    assertThat(Slug.folder(text)).matches(expected).isEqualTo(Slug.folder(text));
  }

  @Test
  void folders_of_long_names_in_other_scripts_differ_and_are_no_longer() {
    String first = Slug.folder("é" + "a".repeat(100));

    assertThat(first).hasSize(80).isNotEqualTo(Slug.folder("è" + "a".repeat(100)));
  }
}
