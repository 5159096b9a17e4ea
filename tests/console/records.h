#pragma once

#include <string>

namespace cpab {

/// Records as the API answers them.
inline const std::string stabilized_record =
    R"({"id":42,"time":"2026-11-22T03:19:29.250Z","trigger":"scaler",)"
    R"("target":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"default","name":"shop"},)"
    R"("currentReplicas":8,"metrics":{"count":1,"values":[{"resource":"shop","value":"348.2\n"}]},)"
    R"("evaluation":{"targetReplicas":9,"reason":"348 requests/s, 50 a pod"},)"
    R"("steps":[{"rule":"maxReplicas","from":9,"to":6,"detail":"maxReplicas is 6"},)"
    R"({"rule":"stabilization","from":6,"to":8,"detail":"scale-down stabilization holds 8 until 03:19:37Z",)"
    R"("reason":"ScaleDownStabilized"}],"limitedBy":"stabilization","desiredReplicas":8,)"
    R"("action":"unchanged","failure":null,)"
    R"("durations":{"target":2.25,"scale":0.31,"metric":680.4,"evaluate":1599.9},)"
    R"("message":"wanted 9, keeping 8: scale-down stabilization holds 8 until 03:19:37Z"})";

inline const std::string failed_record =
    R"({"id":4,"time":"2026-11-22T03:38:38.781Z","trigger":"api",)"
    R"("target":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"default","name":"web"},)"
    R"("currentReplicas":1,"metrics":{"count":0,"values":[]},"evaluation":null,"steps":[],)"
    R"("limitedBy":null,"desiredReplicas":null,"action":"failed",)"
    R"("failure":{"stage":"metric","reason":"exit","message":"failed to gather metrics: exit status 2",)"
    R"("stdout":"half\n","stderr":"line 1\n\u001b[2Jline 2\n"},"durations":{"target":0.5,"metric":3.1},)"
    R"("message":"metric failed: exit status 2; keeping 1"})";

inline const std::string status_text =
    R"({"version":"0.1.0","startedAt":"2026-11-22T03:00:00.000Z",)"
    R"("target":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"default","name":"shop"},)"
    R"("minReplicas":1,"maxReplicas":8,"interval":2500,"downscaleStabilization":10,"methods":[],)"
    R"("now":"2026-11-22T03:19:30.000Z","nextCycle":null,"lastDecision":42,"healthy":true,"ready":true,)"
    R"("override":null,"survivesRestart":false,)"
    R"("may":{"dryRuns":true,"runs":true,"moreWithToken":false}})";

/// `text` with the first `from` replaced, which has to be there.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace cpab
