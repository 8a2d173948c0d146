#include "agent/os/random.hpp"

namespace ebb::os {

random::random() {
  std::random_device kernel;
  std::seed_seq seed{kernel(), kernel(), kernel(), kernel()};
  engine_.seed(seed);
}

}  // namespace ebb::os
