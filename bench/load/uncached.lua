-- Each request has another address, so that no page cache can answer it.
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function init() math.randomseed(os.time() + id) end
function request()
  return wrk.format("GET", "/?n=" .. id .. "-" .. math.random(1, 1e9))
end
