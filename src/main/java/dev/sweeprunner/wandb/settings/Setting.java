package dev.sweeprunner.wandb.settings;

/** The official client's names of the settings that this program reads. */
final class Setting {
  static final String APP_URL = "app_url_override";
  static final String BASE_URL = "base_url";
  static final String EMAIL = "email";
  static final String ENTITY = "entity";
  static final String HEADERS = "x_extra_http_headers";
  static final String HTTP_PROXY = "http_proxy";
  static final String HTTPS_PROXY = "https_proxy";
  static final String INSECURE = "insecure_disable_ssl";
  static final String MODE = "mode";
  static final String PROJECT = "project";
  static final String TIMEOUT = "x_graphql_timeout_seconds";
  static final String USERNAME = "username";

  /** Read from a file only: in the environment it is a credential with rules of its own. */
  static final String API_KEY = "api_key";

  private Setting() {}
}
