#include "cpab/decision/proposal_choice.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

const MetricFailure no_cpu{"FailedGetResourceMetric", "no cpu"};
const MetricFailure no_queue{"FailedGetExternalMetric", "no queue"};

MetricOutcome wants(std::int32_t replicas) { return Proposal{replicas, {}, {}}; }

TEST_CASE("choose_proposal: the highest wins, the first of equals", "[decision]") {
  CHECK(choose_proposal({wants(3)}, 5) == ProposalChoice{3, 0, {}});
  CHECK(choose_proposal({wants(3), wants(7), wants(4)}, 5) == ProposalChoice{7, 1, {}});
  CHECK(choose_proposal({wants(7), wants(7)}, 5) == ProposalChoice{7, 0, {}});
}

TEST_CASE("choose_proposal: zero gives way to whatever comes later", "[decision]") {
  CHECK(choose_proposal({wants(0)}, 5) == ProposalChoice{0, 0, {}});
  CHECK(choose_proposal({wants(0), wants(2)}, 5) == ProposalChoice{2, 1, {}});
  CHECK(choose_proposal({wants(2), wants(0)}, 5) == ProposalChoice{2, 0, {}});
  CHECK(choose_proposal({wants(0), wants(0)}, 5) == ProposalChoice{0, 1, {}});
}

TEST_CASE("choose_proposal: with a failure nothing is scaled down", "[decision]") {
  CHECK(choose_proposal({no_cpu, wants(3)}, 5) == ProposalChoice{{}, {}, no_cpu});
  CHECK(choose_proposal({wants(3), no_cpu}, 5) == ProposalChoice{{}, {}, no_cpu});
  CHECK(choose_proposal({no_cpu, wants(8)}, 5) == ProposalChoice{8, 1, no_cpu});
  CHECK(choose_proposal({no_cpu, wants(5)}, 5) == ProposalChoice{5, 1, no_cpu});
}

TEST_CASE("choose_proposal: when all failed nothing is scaled, for the first reason",
          "[decision]") {
  CHECK(choose_proposal({no_queue, no_cpu}, 5) == ProposalChoice{{}, {}, no_queue});
  CHECK(choose_proposal({no_cpu}, 0) == ProposalChoice{{}, {}, no_cpu});
  CHECK(choose_proposal({}, 5) == ProposalChoice{});
}

}  // namespace
}  // namespace cpab
