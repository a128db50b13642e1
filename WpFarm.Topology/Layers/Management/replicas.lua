-- POST /services/STACK_POOL/replicas/N on a swarm: sets the number of replicas of an autoscaled pool. A caller that may update a service
-- may mount anything on any node. So the caller gives only the number; this script reads the service's specification, and sends it back
-- with nothing but that number changed.

local engine = "unix@/var/run/docker.sock"

-- pool -> { minimum, maximum }
local limits = { {{limits}} }

local function request(method, path, body)
  local client = core.httpclient()
  return client[method](client, {
    url = "http://engine" .. path,
    dst = engine,
    body = body,
    headers = { ["content-type"] = { "application/json" } },
    timeout = 30000,
  })
end

-- Returns the JSON object that begins at a position, as its exact text: parsing and writing it would change its numbers and empty lists.
local function object_at(text, first)
  local depth, quoted, at = 0, false, first
  while at <= #text do
    local letter = text:sub(at, at)
    if quoted then
      if letter == "\\" then
        at = at + 1
      elseif letter == '"' then
        quoted = false
      end
    elseif letter == '"' then
      quoted = true
    elseif letter == "{" then
      depth = depth + 1
    elseif letter == "}" then
      depth = depth - 1
      if depth == 0 then
        return text:sub(first, at)
      end
    end
    at = at + 1
  end
  return nil
end

local function set_replicas(name, replicas)
  local found = request("get", "/services/" .. name)
  if found.status ~= 200 then
    return found.status, found.body
  end
  local version = found.body:match('"Version":{"Index":(%d+)}')
  local _, before = found.body:find('"Spec":', 1, true)
  local spec = before and object_at(found.body, before + 1)
  if not version or not spec then
    return 502, "engine-proxy: the engine's description of the service has no Version or Spec"
  end
  local changed, times = spec:gsub('"Mode":{"Replicated":{"Replicas":%d+}}', '"Mode":{"Replicated":{"Replicas":' .. replicas .. '}}')
  if times ~= 1 then
    return 502, "engine-proxy: the service is not replicated"
  end
  local answer = request("post", "/services/" .. name .. "/update?version=" .. version, changed)
  return answer.status, answer.body
end

core.register_service("replicas", "http", function(applet)
  local name, pool, count = applet.path:match("^/services/([%l%d-]+_([%l%d-]+))/replicas/(%d+)$")
  local replicas, limit = tonumber(count), limits[pool]
  local status, text
  if not limit or replicas < limit[1] or replicas > limit[2] then
    status, text = 403, "engine-proxy: not allowed\n"
  else
    status, text = set_replicas(name, replicas)
  end
  text = text or ""
  applet:set_status(status)
  applet:add_header("content-type", "text/plain")
  applet:add_header("content-length", tostring(#text))
  applet:start_response()
  applet:send(text)
end)
