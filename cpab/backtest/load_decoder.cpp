#include "cpab/backtest/load_decoder.h"

#include "cpab/backtest/decision_load.h"
#include "cpab/backtest/load_csv.h"
#include "cpab/backtest/prometheus_load.h"

namespace cpab {
namespace {

using Path = ScenarioFields::Path;

/// Reads the parts of a load, one element of the list after the other.
class LoadDecoder {
 public:
  LoadDecoder(ScenarioFields& fields, std::vector<LoadPart>& parts)
      : fields_(fields), parts_(parts) {}

  void part(const Node& node, Path path) {
    const std::size_t before = parts_.size();
    fields_.object(node, path, kinds());
    if (node.elements.empty() && node.members.empty()) {
      fields_.decoder().complain(node, path, path + " is empty", "write such as constant: 100");
    }
    if (parts_.size() > before && ends_before_it_begins()) {
      fields_.decoder().complain(node, path, path + ".ramp ends before it begins",
                                 "write such as {from: 1h, to: 2h, height: 100}");
    }
    if (parts_.size() > before + 1) {
      fields_.decoder().complain(node, path, path + " has several parts", "begin each with a dash");
    }
  }

 private:
  /// The last part.
  bool ends_before_it_begins() const {
    const auto* ramp = parts_.empty() ? nullptr : std::get_if<RampLoad>(&parts_.back());
    return ramp != nullptr && ramp->to < ramp->from;
  }

  std::vector<Field> kinds() {
    return {
        {"constant",
         [this](const Node& node, Path path) {
           parts_.emplace_back(ConstantLoad{fields_.number_of(node, path).value_or(0)});
         }},
        shape("step", StepLoad{}, {"height"},
              [this](StepLoad& load) {
                return std::vector{fields_.duration("at", load.at),
                                   fields_.number("height", load.height)};
              }),
        shape("ramp", RampLoad{}, {"to", "height"},
              [this](RampLoad& load) {
                return std::vector{fields_.duration("from", load.from),
                                   fields_.duration("to", load.to),
                                   fields_.number("height", load.height)};
              }),
        shape("sine", SineLoad{}, {"height"},
              [this](SineLoad& load) {
                return std::vector{fields_.period("period", load.period),
                                   fields_.duration("peak", load.peak),
                                   fields_.number("height", load.height)};
              }),
        shape("spike", SpikeLoad{}, {"height"},
              [this](SpikeLoad& load) {
                return std::vector{fields_.duration("at", load.at),
                                   fields_.number("height", load.height),
                                   fields_.period("halfLife", load.half_life)};
              }),
        shape("crowd", CrowdLoad{}, {"height"},
              [this](CrowdLoad& load) {
                return std::vector{
                    fields_.duration("at", load.at), fields_.number("height", load.height),
                    fields_.duration("rise", load.rise), fields_.duration("hold", load.hold)};
              }),
        shape("noise", NoiseLoad{}, {"deviation"},
              [this](NoiseLoad& load) {
                return std::vector{fields_.number("deviation", load.deviation),
                                   fields_.period("every", load.every), fields_.seed(load.seed)};
              }),
        {"csv", [this](const Node& node, Path path) { csv(node, path); }},
        {"prometheus", [this](const Node& node, Path path) { prometheus(node, path); }},
        {"decisions", [this](const Node& node, Path path) { decisions(node, path); }},
    };
  }

  /// A part whose keys `members(part)` fill, `required` among them.
  template <typename Part, typename Members>
  Field shape(const char* name, Part part, std::vector<const char*> required, Members members) {
    return {name, [this, part, required, members](const Node& node, Path path) mutable {
              fields_.object(node, path, members(part));
              fields_.require(node, path, required);
              parts_.emplace_back(part);
            }};
  }

  /// The file itself, or an object whose key `file` names it, with `options` beside that.
  const Node* file_of(const Node& node, Path path, std::vector<Field> options) {
    if (node.kind != Node::Kind::map) return &node;
    const Node* file = nullptr;
    options.push_back({"file", [&file](const Node& inner, Path) { file = &inner; }});
    fields_.object(node, path, options);
    if (file == nullptr) {
      fields_.decoder().complain(node, path, path + " has no file", "write such as {file: a.json}");
    }
    return file;
  }

  void add(const Node& node, Path path, RecordedLoad load) {
    for (const std::string& remark : load.remarks) fields_.decoder().warn(node, path, remark);
    parts_.emplace_back(std::move(load));
  }

  void prometheus(const Node& node, Path path) {
    bool sum = false;
    const Node* file = file_of(node, path, {fields_.plain("sum", sum)});
    if (file == nullptr) return;
    fields_.file(*file, path, "give what /api/v1/query_range has answered", [&](const auto& text) {
      const auto several = sum ? SeveralSeries::summed : SeveralSeries::refused;
      add(node, path, parse_prometheus_load(text, several));
    });
  }

  void decisions(const Node& node, Path path) {
    DecisionLoadOptions options;
    const Node* file = file_of(
        node, path,
        {fields_.plain("member", options.member), fields_.plain("proposal", options.proposal)});
    if (file == nullptr) return;
    fields_.file(*file, path, "give a decision log", [&](const std::string& text) {
      add(node, path, parse_decision_load(text, options));
    });
  }

  void csv(const Node& node, Path path) {
    fields_.file(node, path, "give a file of rows timestamp,value",
                 [&](const std::string& text) { add(node, path, parse_load_csv(text)); });
  }

  ScenarioFields& fields_;
  std::vector<LoadPart>& parts_;
};

}  // namespace

Field load_field(ScenarioFields& fields, std::vector<LoadPart>& target) {
  return {"load", [&fields, &target](const Node& node, Path path) {
            LoadDecoder decoder(fields, target);
            fields.list(node, path,
                        [&](const Node& element, Path at) { decoder.part(element, at); });
          }};
}

}  // namespace cpab
