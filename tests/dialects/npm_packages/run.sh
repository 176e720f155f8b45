npx -y mcp-remote@0.1.10 https://tools.example
npx -p @scope/tool@1.2.3 tool
npm install -g plain
npm run build
npx ./local.js
