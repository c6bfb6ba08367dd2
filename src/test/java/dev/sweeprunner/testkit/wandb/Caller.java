package dev.sweeprunner.testkit.wandb;

import graphql.schema.DataFetchingEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Who asks a GraphQL question, and how.
 *
 * @param key of the one who asks
 * @param baseUrl under which the client reached the server
 * @param fault to act out, or null
 */
record Caller(String key, String baseUrl, @Nullable Fault fault) {
  static final String IN_CONTEXT = "caller";

  static Caller of(DataFetchingEnvironment question) {
    return question.getGraphQlContext().get(IN_CONTEXT);
  }
}
