// llm.c at the shapes of this kit: llmc_bench EMBD TOKENS. Compiled by `run` beside llm.c's own
// train_gpt2.c, which it includes and which is not part of this project. Says "ready" after a warm-up,
// and answers each line on standard input with one iteration: processor seconds, wall seconds, peak
// resident MiB, loss. Its head is tied, and it has biases and no compartments: llm.c knows no other.
#define TESTING
#include "train_gpt2.c"

#include <sys/resource.h>

enum { ROWS = 32, LENGTH = 64, VOCABULARY = 49153, LAYERS = 8 };

static unsigned long long state = 64;

static unsigned random_bits(void) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (unsigned)(state >> 33);
}

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double wall_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void build(GPT2* model, int embd) {
  memset(model, 0, sizeof *model);
  model->config.max_seq_len = LENGTH;
  model->config.vocab_size = VOCABULARY;
  model->config.padded_vocab_size = (VOCABULARY + 127) / 128 * 128;
  model->config.num_layers = LAYERS;
  model->config.num_heads = embd < 32 ? 1 : embd / 32;
  model->config.channels = embd;
  fill_in_parameter_sizes(model->param_sizes, model->config);
  for (int i = 0; i < NUM_PARAMETER_TENSORS; i++) {
    model->num_parameters += model->param_sizes[i];
  }
  model->params_memory = malloc_and_point_parameters(&model->params, model->param_sizes);
  for (size_t i = 0; i < model->num_parameters; i++) {
    model->params_memory[i] = ((int)(random_bits() % 2001) - 1000) * 3.5e-5f;
  }
  for (size_t i = 0; i < model->param_sizes[2] * 2; i++) {
    (i < model->param_sizes[2] ? model->params.ln1w : model->params.ln2w)[i % model->param_sizes[2]] = 1;
  }
  for (size_t i = 0; i < model->param_sizes[14]; i++) {
    model->params.lnfw[i] = 1;
  }
  model->mean_loss = -1;
}

static double iterate(GPT2* model, int tokens, int step) {
  static int inputs[ROWS * LENGTH], targets[ROWS * LENGTH];
  double loss = 0;
  int passes = tokens / (ROWS * LENGTH);
  for (int pass = 0; pass < passes; pass++) {
    for (int i = 0; i < ROWS * LENGTH; i++) {
      inputs[i] = random_bits() % VOCABULARY;
      targets[i] = random_bits() % VOCABULARY;
    }
    gpt2_forward(model, inputs, targets, ROWS, LENGTH);
    if (pass == 0) {
      gpt2_zero_grad(model);
    }
    gpt2_backward(model);
    loss += model->mean_loss / passes;
  }
  gpt2_update(model, 1e-4f, 0.9f, 0.95f, 1e-8f, 0.1f, step);
  return loss;
}

int main(int count, char** words) {
  if (count != 3) {
    fprintf(stderr, "usage: llmc_bench EMBD TOKENS\n");
    return 2;
  }
  int tokens = atoi(words[2]);
  GPT2 model;
  build(&model, atoi(words[1]));
  iterate(&model, ROWS * LENGTH, 1);
  printf("ready\n");
  fflush(stdout);
  char line[16];
  for (int step = 2; fgets(line, sizeof line, stdin); step++) {
    double cpu = cpu_seconds(), wall = wall_seconds();
    double loss = iterate(&model, tokens, step);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%.4f %.4f %ld %.6f\n", cpu_seconds() - cpu, wall_seconds() - wall,
           usage.ru_maxrss / 1024, loss);
    fflush(stdout);
  }
  return 0;
}
