-- POST /services/STACK_POOL/replicas/N on a swarm: how many containers a pool has that follows the load. Whoever may change a service as a
-- whole may mount anything on any node; so this reads what the service is, and gives it back with another number and nothing else changed.

local engine = "unix@/var/run/docker.sock"

-- pool -> the fewest and the most
local limits = { {{limits}} }

local function ask(method, path, body)
  local client = core.httpclient()
  return client[method](client, {
    url = "http://engine" .. path,
    dst = engine,
    body = body,
    headers = { ["content-type"] = { "application/json" } },
    timeout = 30000,
  })
end

-- The object that begins there, letter for letter: taken apart and put together again, its numbers and empty lists would not be the same.
local function object(text, first)
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

local function change(name, replicas)
  local found = ask("get", "/services/" .. name)
  if found.status ~= 200 then
    return found.status, found.body
  end
  local version = found.body:match('"Version":{"Index":(%d+)}')
  local _, before = found.body:find('"Spec":', 1, true)
  local spec = before and object(found.body, before + 1)
  if not version or not spec then
    return 502, "the engine describes the service in a way that is not known"
  end
  local changed, times = spec:gsub('"Mode":{"Replicated":{"Replicas":%d+}}', '"Mode":{"Replicated":{"Replicas":' .. replicas .. '}}')
  if times ~= 1 then
    return 502, "the service has no number of replicas"
  end
  local answer = ask("post", "/services/" .. name .. "/update?version=" .. version, changed)
  return answer.status, answer.body
end

core.register_service("replicas", "http", function(applet)
  local name, pool, count = applet.path:match("^/services/([%l%d-]+_([%l%d-]+))/replicas/(%d+)$")
  local replicas, limit = tonumber(count), limits[pool]
  local status, text
  if not limit or replicas < limit[1] or replicas > limit[2] then
    status, text = 403, "engine-proxy: not allowed\n"
  else
    status, text = change(name, replicas)
  end
  text = text or ""
  applet:set_status(status)
  applet:add_header("content-type", "text/plain")
  applet:add_header("content-length", tostring(#text))
  applet:start_response()
  applet:send(text)
end)
